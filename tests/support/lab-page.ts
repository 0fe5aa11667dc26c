// A stand-in for the built JupyterLab page: the same files, almost empty.
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";

/** The only script of the page. */
export const PAGE_SCRIPT = "main.0123456789.js";

/** A plugin that has settings. */
export const PAGE_PLUGIN = "@jupyterlab/apputils-extension:themes";

/** Writes a page and returns its folder. */
export async function writeTestPage(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "gradlab-page-"));
  const script = "console.log('the page');".repeat(100);
  const files: Record<string, string | Buffer> = {
    "page.json": JSON.stringify({ inputs: "x", scripts: [PAGE_SCRIPT], version: "4.6.4" }),
    [`static/${PAGE_SCRIPT}`]: script,
    [`static/${PAGE_SCRIPT}.gz`]: gzipSync(script),
    "static/assets/0123456789ab.svg": "<svg/>",
    "static/plain.js": "1",
    "themes/@jupyterlab/theme-dark-extension/index.css": "body { color: white }",
    "schemas/@jupyterlab/apputils-extension/themes.json": JSON.stringify({
      version: "1",
      type: "object",
      properties: { theme: { type: "string", default: "JupyterLab Light" } },
    }),
    "overrides.json": JSON.stringify({ [PAGE_PLUGIN]: { theme: "JupyterLab Dark" } }),
    "third-party-licenses.json": JSON.stringify({ packages: [] }),
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}
