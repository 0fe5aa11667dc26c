// Which kernel a notebook gets.
import { expect, test } from "vitest";
import { chooseKernel } from "../../../cli/run/choose-kernel.ts";
import type { Notebook } from "../../../nbformat/types.ts";

const offered = {
  defaultName: "python3",
  names: new Map([
    ["gradlab", "TypeScript (gradlab)"],
    ["python3", "Python 3"],
  ]),
};
const notebook = (name?: string): Notebook => ({
  nbformat: 4,
  nbformat_minor: 5,
  metadata: name === undefined ? {} : { kernelspec: { name, display_name: `The ${name}` } },
  cells: [],
});

test("the notebook's own kernel is taken, the command line wins, and ours serves notebooks that name none", () => {
  expect(chooseKernel(notebook("python3"), offered, { path: "a.ipynb" })).toBe("python3");
  expect(chooseKernel(notebook("python3"), offered, { wanted: "gradlab", path: "a.ipynb" })).toBe(
    "gradlab",
  );
  expect(chooseKernel(notebook(), offered, { path: "a.ipynb" })).toBe("gradlab");
  const others = { defaultName: "python3", names: new Map([["python3", "Python 3"]]) };
  expect(chooseKernel(notebook(), others, { path: "a.ipynb" })).toBe("python3");
});

test("a kernel that is not installed is named, with what there is and the way out", () => {
  const choose = (): string => chooseKernel(notebook("julia"), offered, { path: "a.ipynb" });
  expect(choose).toThrow(
    'a.ipynb: wants the kernel "julia" (The julia), which is not installed; installed: gradlab, python3. Install that kernel, or choose another one with --kernel NAME.',
  );
  expect(choose).toThrow(expect.objectContaining({ exitCode: 3 }));
});
