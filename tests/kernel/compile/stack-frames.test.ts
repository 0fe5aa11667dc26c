// Stack text read as frames, and rewritten for code that reads error.stack itself.
import { expect, test } from "vitest";
import { CellPositions } from "../../../kernel/compile/positions.ts";
import { mapFrames, parseStack } from "../../../kernel/compile/stack-frames.ts";

const cell = { number: 3, source: "a\nb", positions: new CellPositions(Int32Array.of(4, 2, 1, 6)) };
const cells = (name: string): typeof cell | undefined => (name === "cell-3.ts" ? cell : undefined);

test("frames are sorted into cells, files, packages and built-ins", () => {
  const stack = [
    "Error: x",
    "    at f (cell-3.ts:5:3)",
    "    at async Object.go [as run] (/home/a b (c)/mine.ts:2:1)",
    "    at new Tool (file:///w/node_modules/@s/pkg/dist/index.js:9:9)",
    "    at Array.map (<anonymous>)",
    "    at node:fs:441:12",
    "    at own (/app/gradlab/lib/tensor.js:1:1)",
    "    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)",
    "    at async Promise.all (index 0)",
    "    at cell-3.ts:9:1",
  ].join("\n");
  expect(parseStack(stack, { cells, ownFolders: { gradlab: "/app/gradlab/" } })).toEqual([
    { kind: "cell", cell, file: "cell-3.ts", at: { line: 1, column: 6 }, functionName: "f" },
    {
      kind: "file",
      file: "/home/a b (c)/mine.ts",
      at: { line: 1, column: 0 },
      functionName: "Object.go",
    },
    { kind: "library", library: "@s/pkg" },
    { kind: "builtin" },
    { kind: "library", library: "Node.js" },
    { kind: "library", library: "gradlab" },
    { kind: "builtin" },
    { kind: "builtin" },
    { kind: "builtin" },
  ]);
});

test("the frames of cells are replaced in a stack text, other lines stay", () => {
  const stack =
    "Error: x (cell-3.ts:5:3)\n    at f (cell-3.ts:5:3)\n    at async cell-3.ts:5:9\n    at g (other.ts:5:3)";
  expect(mapFrames(stack, 3, (name) => cells(name)?.positions)).toBe(
    "Error: x (cell-3.ts:5:3)\n    at f (cell-3.ts:2:7)\n    at async cell-3.ts:2:7\n    at g (other.ts:5:3)",
  );
});
