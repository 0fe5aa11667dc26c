// Which kernels are found, and which of two with one name counts.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findSpecs, jupyterDataFolders } from "../../../../lab/server/kernels/find-specs.ts";

let first: string;
let second: string;
const before = process.env["JUPYTER_PATH"];

beforeEach(async () => {
  first = await mkdtemp(join(tmpdir(), "gradlab-specs-"));
  second = await mkdtemp(join(tmpdir(), "gradlab-specs-"));
  process.env["JUPYTER_PATH"] = [first, second].join(delimiter);
});

afterEach(async () => {
  if (before === undefined) delete process.env["JUPYTER_PATH"];
  else process.env["JUPYTER_PATH"] = before;
  await rm(first, { recursive: true });
  await rm(second, { recursive: true });
});

async function install(data: string, name: string, content: unknown): Promise<void> {
  const folder = join(data, "kernels", name);
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, "kernel.json"),
    typeof content === "string" ? content : JSON.stringify(content),
  );
}

describe("kernels", () => {
  test("are found by their lower-case name, the first folder before the next", async () => {
    await install(first, "Mine", { argv: ["a"], display_name: "first", language: "x" });
    await install(second, "mine", { argv: ["b"], display_name: "second" });
    await install(second, "other", {
      argv: ["c"],
      interrupt_mode: "message",
      env: { A: "1", B: 2 },
    });
    const specs = findSpecs();
    expect(specs.get("mine")?.spec).toMatchObject({
      display_name: "first",
      interrupt_mode: "signal",
      metadata: {},
    });
    expect(specs.get("other")?.spec).toMatchObject({
      display_name: "Unnamed kernel",
      interrupt_mode: "message",
      env: { A: "1" },
    });
  });

  test("of this installation come before an installed one of the same name, those given before all", async () => {
    await install(first, "gradlab", { argv: ["old"], display_name: "old" });
    expect(findSpecs().get("gradlab")?.spec.argv).toContain("kernel");
    const given = { ...findSpecs().get("gradlab")?.spec, argv: ["given"] };
    expect(findSpecs({ gradlab: given as never }).get("gradlab")?.spec.argv).toEqual(["given"]);
  });

  test.each([
    ["is not JSON", "{"],
    ["is no object", "[]"],
    ["has no program", { argv: [] }],
    ["has a program that is no text", { argv: [1] }],
  ])("whose kernel.json %s are left out", async (_what, content) => {
    await install(first, "bad", content);
    expect(findSpecs().has("bad")).toBe(false);
  });

  test("with a name that could lead elsewhere are left out", async () => {
    await install(first, "a b", { argv: ["a"] });
    expect([...findSpecs().keys()]).not.toContain("a b");
  });
});

describe("the folders of Jupyter's data", () => {
  test("follow its variables, most specific first", () => {
    const folders = jupyterDataFolders({
      JUPYTER_PATH: ["/one", "/two"].join(delimiter),
      JUPYTER_DATA_DIR: "/data",
    });
    expect(folders.slice(0, 3)).toEqual(["/one", "/two", "/data"]);
    expect(jupyterDataFolders({ XDG_DATA_HOME: "/xdg" })).toContain(
      process.platform === "linux" ? join("/xdg", "jupyter") : folders[3],
    );
  });
});
