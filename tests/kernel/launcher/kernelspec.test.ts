// The kernelspec goes where Jupyter looks for it, and away again.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import {
  installKernelSpec,
  isWritable,
  specFolder,
  uninstallKernelSpec,
} from "../../../kernel/launcher/kernelspec.ts";
import { createKernelSpec } from "../../../kernel/protocol/kernel-spec.ts";

const folder = mkdtempSync(join(tmpdir(), "gradlab-spec-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("kernelspec", () => {
  test("it starts the program with the connection file, and is interrupted by message", () => {
    const spec = createKernelSpec({ node: "/bin/node", main: "/g/main.js" });
    expect(spec.argv).toEqual([
      "/bin/node",
      "/g/main.js",
      "kernel",
      "start",
      "-f",
      "{connection_file}",
    ]);
    expect(spec).toMatchObject({ interrupt_mode: "message", language: "typescript" });
    expect(spec.env["ORT_DISABLE_TELEMETRY"]).toBe("1");
  });

  test.each([
    [{}, { HOME: "/h" }, "linux", "/h/.local/share/jupyter/kernels/gradlab"],
    [{}, { HOME: "/h", XDG_DATA_HOME: "/x" }, "linux", "/x/jupyter/kernels/gradlab"],
    [{}, { HOME: "/h", JUPYTER_DATA_DIR: "/d" }, "linux", "/d/kernels/gradlab"],
    [{}, { HOME: "/h" }, "darwin", "/h/Library/Jupyter/kernels/gradlab"],
    [{ prefix: "/p" }, { HOME: "/h" }, "linux", "/p/share/jupyter/kernels/gradlab"],
  ] as const)("for %j and %j on %s it is kept in %s", (place, environment, platform, expected) => {
    expect(specFolder(place, environment, platform)).toBe(expected);
  });

  test("it is written, written again, and removed once", async () => {
    const target = join(folder, "deep", "gradlab");
    expect(isWritable(target)).toBe(true);
    const spec = createKernelSpec({ node: "node", main: "main.js" });
    await installKernelSpec(spec, target);
    await installKernelSpec(spec, target);
    expect(JSON.parse(readFileSync(join(target, "kernel.json"), "utf8"))).toEqual(spec);
    expect(await uninstallKernelSpec(target)).toBe(true);
    expect(existsSync(target)).toBe(false);
    expect(await uninstallKernelSpec(target)).toBe(false);
  });
});
