// The JupyterLab page and its files.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Guard } from "../auth/guard.ts";
import { file, html, json, redirect } from "../http/reply.ts";
import type { Reply } from "../http/reply.ts";
import { logoFile } from "../kernels/own-kernel.ts";
import { api } from "../http/router.ts";
import type { Exchange, Route } from "../http/router.ts";
import { pageFile, readBuiltPage } from "./built-page.ts";
import type { BuiltPage } from "./built-page.ts";
import { pageConfig } from "./page-config.ts";
import type { PageAddress } from "./page-config.ts";
import { escapeHtml, smallPage } from "./small-page.ts";

/** Outputs of trusted notebooks run scripts in this page, so only framing and the base address are limited. */
const PAGE_POLICY = "frame-ancestors 'self'; base-uri 'self'; object-src 'none'";

/** What the pages are made from. */
export interface LabPageOptions {
  readonly guard: Guard;
  /** The folder that the build of the page wrote. */
  readonly pageFolder: string;
  /** The folder that is served, as the page shows it. */
  readonly root: string;
  readonly disabledExtensions: readonly string[];
}

/** The routes of `/lab` and `/doc`, and of what these pages load. */
export function labRoutes(options: LabPageOptions): readonly Route[] {
  const { pageFolder } = options;
  const page = (pattern: string): Route => ({
    method: "GET",
    pattern,
    audience: "page",
    handle: (exchange) => sendPage(options, exchange),
  });
  return [
    { method: "GET", pattern: "/", audience: "page", handle: () => redirect("/lab") },
    api("GET", "/lab/static/*path", async ({ parameters }) => {
      const path = parameters["path"] ?? "";
      // Names that hold a hash of the content never mean anything else.
      const isImmutable = /(?:^|[./])[0-9a-f]{8,}\.\w+$/.test(path);
      return file(await pageFile(join(pageFolder, "static"), path), { isImmutable });
    }),
    api("GET", "/lab/api/themes/*path", async ({ parameters }) =>
      file(await pageFile(join(pageFolder, "themes"), parameters["path"] ?? "")),
    ),
    api("GET", "/lab/api/translations", () =>
      json(200, { data: { en: { displayName: "English", nativeName: "English" } }, message: "" }),
    ),
    api("GET", "/lab/api/translations/:locale", () => json(200, { data: {}, message: "" })),
    api("GET", "/lab/api/licenses", async () => json(200, await readLicenses(pageFolder))),
    {
      method: "GET",
      pattern: "/static/favicons/*name",
      audience: "public",
      handle: () => file(logoFile(), { headers: { "Cache-Control": "max-age=86400" } }),
    },
    ...["", "/workspaces/:workspace"].flatMap((middle) => [
      page(`/lab${middle}/tree/*tree`),
      page(`/doc${middle}/tree/*tree`),
      page(`/lab${middle}`),
      page(`/doc${middle}`),
    ]),
  ];
}

async function sendPage(options: LabPageOptions, exchange: Exchange): Promise<Reply> {
  const { guard, pageFolder, root, disabledExtensions } = options;
  const built = await readBuiltPage(pageFolder);
  if (built === undefined) return unbuiltPage();
  const { parameters, url, request } = exchange;
  const address: PageAddress = {
    mode: url.pathname.startsWith("/doc") ? "single-document" : "multiple-document",
    workspace: parameters["workspace"] ?? "default",
    treePath: parameters["tree"] ?? "",
  };
  const config = pageConfig(address, { version: built.version, root, disabledExtensions });
  return html(200, drawPage(built, config), {
    "Content-Security-Policy": PAGE_POLICY,
    "Referrer-Policy": "same-origin",
    "Set-Cookie": guard.xsrfCookie(request),
  });
}

function drawPage(built: BuiltPage, config: object): string {
  // A "<" inside the JSON could end the script element that holds it.
  const data = JSON.stringify(config).replaceAll("<", String.raw`\u003c`);
  const scripts = built.scripts.map(
    (script) => `<script defer src="/lab/static/${escapeHtml(script)}"></script>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>gradlab</title>
<link rel="icon" type="image/svg+xml" href="/static/favicons/favicon.ico" class="idle favicon">
<link rel="" type="image/svg+xml" href="/static/favicons/favicon-busy-1.ico" class="busy favicon">
<script id="jupyter-config-data" type="application/json">${data}</script>
${scripts.join("\n")}
</head>
<body class="jp-ThemedContainer"></body>
</html>
`;
}

function unbuiltPage(): Reply {
  return smallPage(
    503,
    "The lab's page is not built yet",
    `<p>The server runs, but the files of the JupyterLab page are missing or unfinished.</p>
<p>Stop the server, build the page with <code>npm start</code> in the folder of gradlab, and open this address again. Your notebooks are safe.</p>`,
  );
}

async function readLicenses(pageFolder: string): Promise<object> {
  const text = await readFile(join(pageFolder, "third-party-licenses.json"), "utf8").catch(
    () => undefined,
  );
  return { bundles: text === undefined ? {} : { gradlab: JSON.parse(text) as unknown } };
}
