// Sanitizing: what only shows something stays, what could run, load or cover is gone, also in a real browser.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sanitizeHtml } from "../../../nbformat/html/sanitize.ts";
import { BROWSER_FLAGS, BROWSER_PATH } from "../../support/browser.ts";

test.each([
  '<table class="frame"><tr><th scope="row">a</th><td style="color:red">1 &lt; 2</td></tr></table>',
  '<details open=""><summary>Hint</summary>Look at <b>the sign</b>.</details>',
  '<svg viewBox="0 0 2 2"><path d="M0 0L1 1" stroke-width="2"></path></svg>',
  '<img src="data:image/png;base64,AAAA" alt="a dot">',
  '<a href="https://example.org/?a=1&amp;b=2">link</a><a href="#part">part</a><a href="x.html">x</a>',
])("%s stays as it is", (html) => {
  expect(sanitizeHtml(html)).toBe(html);
});

const ATTACKS = [
  "<script>hit()</script>",
  "<SCRIPT src=data:,hit()></SCRIPT >",
  "<scr<script>ipt>hit()</scr</script>ipt>",
  "<img src=x onerror=hit()>",
  "<img src=x o\u0000nerror=hit()>",
  "<img/src=x/onerror=hit()>",
  '<img src="x"onerror="hit()">',
  "<svg/onload=hit()>",
  "<svg><script>hit()</script></svg>",
  "<svg><animate onbegin=hit() attributeName=x dur=1s>",
  '<a href="javascript:hit()" id=go>x</a>',
  '<a href="java&#x0a;script:hit()">x</a>',
  '<a href="&#106;avascript&colon;hit()">x</a>',
  '<iframe srcdoc="<script>parent.hit()</script>"></iframe>',
  "<iframe src=javascript:parent.hit()>",
  "<object data=javascript:hit()></object><embed src=javascript:hit()>",
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=hit()&gt;">',
  '<svg></p><style><a id="</style><img src=1 onerror=hit()>">',
  "<form><button formaction=javascript:hit()>x<input autofocus onfocus=hit()>",
  "<details open ontoggle=hit()>",
  "<!--><img src=x onerror=hit()>-->",
  "<title><img src=x onerror=hit()></title>",
  '<p title="</p><img src=x onerror=hit()>">',
  "<meta http-equiv=refresh content='0;url=javascript:hit()'>",
  "<base href=javascript:hit()//><link rel=stylesheet href=data:,x>",
  "<noscript><p title='</noscript><img src=x onerror=hit()>'>",
  "<img src=x onerror=hit()//",
  "<<img src=x onerror=hit()>",
];

test.each(ATTACKS)("%j is left without handlers, scripts and commands", (html) => {
  const tags = sanitizeHtml(html).match(/<[a-zA-Z/](?:[^>"]|"[^"]*")*>/g) ?? [];
  expect(
    tags.filter((tag) =>
      /^<\/?(script|iframe|object|embed|style|form|meta|base|link|input|button)/i.test(tag),
    ),
  ).toEqual([]);
  const outsideQuotes = tags.map((tag) => tag.replace(/"[^"]*"/g, '""'));
  expect(outsideQuotes.filter((tag) => /\bon\w+\s*=/i.test(tag))).toEqual([]);
  expect(tags.filter((tag) => /(href|src)="\s*(javascript|data:text)/i.test(tag))).toEqual([]);
});

test.skipIf(BROWSER_PATH === undefined)(
  "a browser runs none of the attacks (needs Chromium)",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "gradlab-"));
    try {
      const run = (body: string): string => {
        const page = join(folder, "page.html");
        writeFileSync(
          page,
          `<!doctype html><title>quiet</title><script>function hit() { document.title = "hit" }</script><main>${body}</main>`,
        );
        const flags = ["--headless", ...BROWSER_FLAGS, `--user-data-dir=${folder}/profile`];
        const { stdout } = spawnSync(
          BROWSER_PATH ?? "",
          [...flags, "--virtual-time-budget=2000", "--dump-dom", `file://${page}`],
          { encoding: "utf8", timeout: 60_000 },
        );
        return /<title>(.*?)<\/title>/.exec(stdout)?.[1] ?? "no page";
      };
      expect(run(ATTACKS.join("\n"))).toBe("hit");
      expect(run(ATTACKS.map((html) => `<div>${sanitizeHtml(html)}</div>`).join("\n"))).toBe(
        "quiet",
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  120_000,
);

test("styles that load, cover or hide behind escapes are dropped", () => {
  expect(
    sanitizeHtml(
      '<p style="background:url(//x)">a</p><p style="position:fixed">b</p><p style="c\\olor:red">c</p>',
    ),
  ).toBe("<p>a</p><p>b</p><p>c</p>");
});

test("tags stay inside their cell", () => {
  expect(sanitizeHtml("</div></main><b>bold <i>both")).toBe("<b>bold <i>both</i></b>");
  expect(sanitizeHtml("<ul><li>a<li>b</ul>c")).toBe("<ul><li>a<li>b</li></li></ul>c");
});

test("a lone bracket is text", () => {
  expect(sanitizeHtml("1 < 2 and <3")).toBe("1 &lt; 2 and &lt;3");
});
