// The cells of every notebook, read from top to bottom, are correct TypeScript: an editor underlines nothing.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cellsOf, readChapter } from "./chapter.ts";
import { notebookFiles, PROJECT } from "./project.ts";

/** Inside the project, so that `gradlab` means this project. */
const folder = join(PROJECT, "dist/notebook-types");

/** What every cell has without import. */
const GLOBALS =
  'declare const display: import("gradlab/kernel").Display;\ndeclare const clearOutput: import("gradlab/kernel").ClearOutput;\n';

/** Strict, but an element of a list counts as present: a learner's `list[i] + 1` is fine. */
const OPTIONS = {
  target: "es2023",
  lib: ["es2023"],
  module: "nodenext",
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: ["node"],
};

beforeAll(() => mkdirSync(folder, { recursive: true }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a wrong type in a cell is found", () => {
  expect(typeErrors({ "wrong.ts": 'import { ones } from "gradlab";\nones("three");' })).toContain(
    "wrong.ts(2,6): error TS2345",
  );
});

test("the cells of every notebook have correct types", () => {
  const modules = notebookFiles().map((path) => {
    const cells = cellsOf(readChapter(path), "code").map(
      ({ text, where }) => `// ${where}\n${text}`,
    );
    return [basename(path, ".ipynb") + ".ts", `${GLOBALS}${cells.join("\n;\n")}\nexport {};\n`];
  });
  expect(typeErrors(Object.fromEntries(modules) as Record<string, string>)).toBe("");
});

test("a step may take the batches that a data set gives", () => {
  const cell = `import { type Batch, compile, CrossEntropyLoss, type Dataset, type Layer, type Optimizer } from "gradlab";
declare const [model, optimizer, data]: [Layer, Optimizer, Dataset];
const loss = new CrossEntropyLoss();
const step = compile(
  ({ inputs, targets }: Batch) => {
    const value = loss.forward(model.forward(inputs), targets);
    model.backward(loss.backward());
    optimizer.step();
    return { loss: value };
  },
  { model, optimizer },
);
for (const batch of data.batches({ batchSize: 8 })) await step.run(batch);`;
  expect(typeErrors({ "batch.ts": cell })).toBe("");
});

test("elements of a tensor are reached by their indices, and are numbers", () => {
  const cell = `import { Generator, Linear, ones, greater } from "gradlab";
const model = new Linear({ inFeatures: 2, outFeatures: 3, random: new Generator(1) });
const output = model.forward(ones([4, 2]));
const first: number = output.toArray()[0][0] + 1;
const rows: number[][] = output.toArray();
const largest = output.toArray().map((row) => Math.max(...row));
for (const [a, b] of output.toArray()) console.log(a.toFixed(2), b > 0.5);
const isLarge: boolean = greater(output, 0.5).toArray<boolean>()[0][0];
console.log(first, rows, largest, isLarge);`;
  expect(typeErrors({ "elements.ts": cell })).toBe("");
});

function typeErrors(modules: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(modules)) writeFileSync(join(folder, name), text);
  const settings = { compilerOptions: OPTIONS, files: Object.keys(modules) };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings));
  const compiler = join(PROJECT, "node_modules/typescript/bin/tsc");
  const run = spawnSync(process.execPath, [compiler, "-p", "."], { cwd: folder, encoding: "utf8" });
  return run.stdout + run.stderr;
}
