// The page carries JupyterLab's own list of extensions, and the generated entry imports each once.
import { describe, expect, test } from "vitest";
import { pageExtensions, writeEntry } from "../../../../lab/ui/build/extensions.ts";

describe("page extensions", () => {
  const extensions = pageExtensions();

  test("the notebook and the widgets are in, what needs a missing server part is out", () => {
    expect(extensions.plugins).toContain("@jupyterlab/notebook-extension");
    expect(extensions.plugins).toContain("@jupyter-widgets/jupyterlab-manager");
    expect(extensions.plugins).not.toContain("@jupyterlab/terminal-extension");
  });

  test("every package is imported exactly once", () => {
    const entry = writeEntry(extensions);
    for (const name of [...extensions.plugins, ...extensions.renderers]) {
      expect(entry.split(`from ${JSON.stringify(name)};`)).toHaveLength(2);
    }
  });
});
