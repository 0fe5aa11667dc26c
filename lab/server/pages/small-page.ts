// The frame of the few pages that the server draws itself: plain, readable, light and dark.
import { html } from "../http/reply.ts";
import type { TextReply } from "../http/reply.ts";

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const STYLE = `
:root { color-scheme: light dark; }
body {
  margin: 0; min-height: 100vh; display: grid; place-items: center;
  font: 16px/1.5 system-ui, sans-serif;
  color: light-dark(#1f2937, #e5e7eb); background: light-dark(#f3f4f6, #111827);
}
main {
  box-sizing: border-box; width: min(30rem, 100vw - 2rem); padding: 2rem; border-radius: 12px;
  background: light-dark(#fff, #1f2937); box-shadow: 0 1px 3px rgb(0 0 0 / 20%);
}
h1 { margin: 0 0 0.5rem; font-size: 1.375rem; }
p { margin: 0.5rem 0 1rem; }
label { display: block; font-weight: 600; }
input {
  box-sizing: border-box; width: 100%; margin: 0.25rem 0 1rem; padding: 0.625rem; font: inherit;
  color: inherit; background: transparent; border-radius: 8px;
  border: 1px solid light-dark(#6b7280, #9ca3af);
}
button {
  padding: 0.625rem 1.25rem; font: inherit; font-weight: 600; cursor: pointer;
  color: #fff; background: #2563eb; border: 0; border-radius: 8px;
}
input:focus-visible, button:focus-visible { outline: 3px solid #60a5fa; outline-offset: 2px; }
code { font: 0.9375em/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
.problem { color: light-dark(#b91c1c, #fca5a5); }
`;

/** A page with a title and a body of HTML that the caller has made safe. */
export function smallPage(status: number, title: string, body: string): TextReply {
  const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="/static/favicons/favicon.ico">
<style>${STYLE}</style>
</head>
<body><main><h1>${escapeHtml(title)}</h1>
${body}
</main></body>
</html>
`;
  return html(status, page, {
    "Content-Security-Policy": POLICY,
    // With "no-referrer" a browser would send the form with the origin "null".
    "Referrer-Policy": "same-origin",
  });
}

/** Text as it may stand in HTML, between tags or in a quoted attribute. */
export function escapeHtml(text: string): string {
  const names: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replaceAll(/[&<>"']/g, (mark) => names[mark] ?? mark);
}
