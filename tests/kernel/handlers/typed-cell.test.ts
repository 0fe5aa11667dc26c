// A cell and its types: what stops it before it runs.
import { expect, test } from "vitest";
import { runTypedCell } from "../../../kernel/handlers/typed-cell.ts";

test("a cell that was interrupted while it was looked at goes to the session with the count from before", async () => {
  let interruptions = 3;
  const seen: unknown[] = [];
  const kernel = {
    language: {
      names: [],
      check: () => {
        interruptions++;
        return Promise.resolve({ file: {}, diagnostics: [], unchecked: "interrupted" });
      },
      remember: () => undefined,
      takeNotice: () => undefined,
    },
    session: {
      get interruptions() {
        return interruptions;
      },
      run: (cell: object) => {
        seen.push(cell);
        return Promise.resolve(undefined);
      },
    },
  } as unknown as Parameters<typeof runTypedCell>[1];
  const cell = {
    code: "1",
    number: 1,
    name: "cell-1.ts",
    startWaitMs: 0,
    onOutput: () => undefined,
  };
  await runTypedCell(cell, kernel);
  expect(seen).toMatchObject([{ interruptions: 3 }]);
});
