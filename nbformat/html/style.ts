// How a notebook page looks: one column of prose, code on quiet panels, contents at the side; light, dark, narrow, print.

/** The style sheet of the page. */
export const PAGE_STYLE: string = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --text: #1f2328; --quiet: #59636e; --line: #d8dee4; --panel: #f6f8fa; --link: #0550ae;
  --accent: #0969da; --error-bg: #fff1f0; --error-line: #d1242f; --warn-bg: #fff8e6; --warn-line: #bf8700;
  --measure: 47rem;
  --mono: ui-monospace, "SF Mono", "Cascadia Code", "JetBrains Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --text: #e6edf3; --quiet: #9198a1; --line: #30363d; --panel: #161b22; --link: #79b8ff;
    --accent: #4493f8; --error-bg: #2a1416; --error-line: #f85149; --warn-bg: #272115; --warn-line: #d29922;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1.5rem; -webkit-text-size-adjust: 100%; }
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
body { margin: 0; background: var(--page); color: var(--text); font: 1.0625rem/1.65 var(--sans); }
a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: .18em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--page); padding: .5rem 1rem; z-index: 1; }

main { max-width: calc(var(--measure) + 3rem); margin: 0 auto; padding: 2.5rem 1.5rem 6rem; }
nav { max-width: calc(var(--measure) + 3rem); margin: 0 auto; padding: 1.5rem 1.5rem 0; font-size: .9rem; line-height: 1.4; }
nav summary { cursor: pointer; color: var(--quiet); font-weight: 600; letter-spacing: .02em; }
nav ol { list-style: none; margin: .6rem 0 0; padding: 0; }
nav li a { display: block; padding: .28rem .75rem; color: var(--quiet); text-decoration: none; border-left: 2px solid var(--line); }
nav li a:hover { color: var(--text); border-left-color: var(--accent); }
nav .level-3 a { padding-left: 1.6rem; }
@media (min-width: 78rem) {
  body { display: grid; grid-template-columns: minmax(13rem, 17rem) minmax(0, calc(var(--measure) + 3rem)) 1fr; column-gap: 2rem; }
  nav { grid-column: 1; margin: 0; padding: 3.2rem 0 2rem 1.75rem; position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto; }
  main { grid-column: 2; margin: 0; width: 100%; }
}

h1, h2, h3, h4, h5, h6 { line-height: 1.25; margin: 2.4em 0 .7em; font-weight: 650; text-wrap: balance; }
h1 { font-size: 2.25rem; margin-top: .2em; letter-spacing: -.02em; }
h2 { font-size: 1.55rem; letter-spacing: -.012em; padding-bottom: .3em; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.22rem; }
h4, h5, h6 { font-size: 1.0625rem; }
.prose > :first-child { margin-top: 0; }
section.prose > h2:first-child { margin-top: 2.6rem; }
section.prose > h3:first-child { margin-top: 2rem; }
.prose > :last-child { margin-bottom: 0; }
section { margin: 0 0 1.4rem; }
p, ul, ol, dl, blockquote, .table { margin: 0 0 1.1em; }
li + li { margin-top: .25em; }
.anchor { margin-left: .35em; color: var(--quiet); text-decoration: none; font-weight: 400; opacity: 0; }
:is(h1, h2, h3, h4, h5, h6):hover .anchor, .anchor:focus { opacity: 1; }
blockquote { margin-left: 0; padding: .2em 1.1em; border-left: 3px solid var(--accent); background: var(--panel); border-radius: 0 6px 6px 0; }
blockquote > :last-child { margin-bottom: 0; }
hr { border: 0; border-top: 1px solid var(--line); margin: 2.5em 0; }
img, svg, video { max-width: 100%; height: auto; }
figure { margin: 0 0 1.1em; }
figcaption { color: var(--quiet); font-size: .9em; }
details { margin: 0 0 1.1em; }
nav details { margin: 0; }
kbd { font: .85em var(--mono); border: 1px solid var(--line); border-bottom-width: 2px; border-radius: 4px; padding: .1em .4em; }

pre, .table, .html { scrollbar-width: thin; scrollbar-color: var(--line) transparent; }
code, pre { font-family: var(--mono); font-variant-ligatures: none; }
:not(pre) > code { font-size: .88em; background: var(--panel); border: 1px solid var(--line); border-radius: 5px; padding: .1em .35em; overflow-wrap: break-word; }
pre { margin: 0 0 1.1em; font-size: .8125rem; line-height: 1.55; tab-size: 2; overflow-x: auto; }
.shiki, pre.code { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: .85rem 1.1rem; color: var(--text); }
.shiki span { color: var(--shiki-light); }
@media (prefers-color-scheme: dark) { .shiki span { color: var(--shiki-dark); } }

.cell { position: relative; }
.cell > pre { margin: 0; }
.count { position: absolute; right: 100%; top: .95rem; margin-right: .6rem; color: var(--quiet); font: .75rem/1.5 var(--mono); opacity: .75; }
.outputs { margin-top: .6rem; padding-left: 1.1rem; border-left: 2px solid var(--line); }
.outputs > * { margin: 0 0 .6rem; }
.outputs > :last-child { margin-bottom: 0; }
.outputs > img { display: block; }
pre.text { max-height: 34rem; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; color: var(--text); }
pre.error, pre.stderr { border-radius: 6px; padding: .7rem .9rem; border-left: 3px solid; }
pre.error { background: var(--error-bg); border-color: var(--error-line); }
pre.stderr { background: var(--warn-bg); border-color: var(--warn-line); }
.html { position: relative; overflow-x: auto; }
.html > :last-child { margin-bottom: 0; }
/* Outputs name JupyterLab's colours: here they get the page's. */
.html {
  --jp-content-font-color1: var(--text); --jp-content-font-color2: var(--quiet); --jp-ui-font-color1: var(--text); --jp-ui-font-color2: var(--quiet);
  --jp-layout-color1: var(--page); --jp-layout-color2: var(--panel); --jp-border-color1: var(--line); --jp-border-color2: var(--line);
  --jp-success-color1: var(--ansi-2); --jp-error-color1: var(--error-line); --jp-warn-color1: var(--warn-line); --jp-brand-color1: var(--accent);
  --jp-ui-font-family: var(--sans); --jp-content-font-family: var(--sans); --jp-code-font-family: var(--mono);
}
.missing { color: var(--quiet); font-style: italic; }

.table { overflow-x: auto; }
table { border-collapse: collapse; font-size: .925rem; line-height: 1.45; font-variant-numeric: tabular-nums; }
th, td { padding: .38rem .8rem; text-align: left; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; border-bottom: 2px solid var(--line); }
tbody tr:hover { background: var(--panel); }
.katex-display { overflow-x: auto; overflow-y: hidden; padding: .2em 0; margin: 1.1em 0; }
.katex { font-size: 1.1em; }

.ansi-bold { font-weight: 700; } .ansi-dim { opacity: .7; } .ansi-italic { font-style: italic; } .ansi-underline { text-decoration: underline; }
:root {
  --ansi-0: #24292f; --ansi-1: #b3202b; --ansi-2: #116329; --ansi-3: #7d4e00; --ansi-4: #0550ae; --ansi-5: #7b35c4; --ansi-6: #0f6a75; --ansi-7: #57606a;
  --ansi-8: #57606a; --ansi-9: #cf222e; --ansi-10: #1a7f37; --ansi-11: #875a00; --ansi-12: #0969da; --ansi-13: #8250df; --ansi-14: #1b7c83; --ansi-15: #424a53;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ansi-0: #8b949e; --ansi-1: #ff7b72; --ansi-2: #56d364; --ansi-3: #e3b341; --ansi-4: #79c0ff; --ansi-5: #d2a8ff; --ansi-6: #56d4dd; --ansi-7: #c9d1d9;
    --ansi-8: #8b949e; --ansi-9: #ffa198; --ansi-10: #7ee787; --ansi-11: #f2cc60; --ansi-12: #a5d6ff; --ansi-13: #e2c5ff; --ansi-14: #87deea; --ansi-15: #ffffff;
  }
}
${ansiRules()}
.ansi-fg-inverse { color: var(--page); } .ansi-bg-inverse { background: var(--text); }

@media (max-width: 48rem) {
  body { font-size: 1rem; }
  main { padding: 1.5rem 1rem 4rem; }
  nav { padding: 1rem 1rem 0; }
  h1 { font-size: 1.8rem; } h2 { font-size: 1.35rem; }
  pre { font-size: .78rem; }
  .shiki, pre.code { padding: .7rem .8rem; }
}
@media (max-width: 58rem) { .count { position: static; display: block; margin: 0 0 .15rem; } }
@media print {
  :root { --page: #fff; --text: #000; --panel: #f6f8fa; --line: #ccc; --quiet: #444; --link: #000; }
  body { display: block; font-size: 10.5pt; }
  nav, .anchor, .skip { display: none; }
  main { max-width: none; padding: 0; }
  pre, pre.text { max-height: none; white-space: pre-wrap; overflow: visible; font-size: 8.5pt; }
  .shiki span { color: var(--shiki-light); }
  h1, h2, h3, h4 { break-after: avoid; }
  .cell > pre, img, tr, blockquote, .katex-display { break-inside: avoid; }
}
`;

function ansiRules(): string {
  const numbers = Array.from({ length: 16 }, (_, index) => index);
  return numbers
    .map(
      (n) =>
        `.ansi-fg-${n} { color: var(--ansi-${n}); } .ansi-bg-${n} { background: var(--ansi-${n}); color: var(--page); }`,
    )
    .join("\n");
}
