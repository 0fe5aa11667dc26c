// Whether a console may run a cell that uses commands. (What such cells compile to: expand-cell.test.ts.)
import { expect, test } from "vitest";
import { checkCellComplete } from "../../../kernel/commands/compile-cell.ts";

test.each([
  ["%who", "complete"],
  ["%time f(1)", "complete"],
  ["%time f(", "incomplete"],
  ["f(1)\n%time {", "incomplete"],
  ["%time f)", "invalid"],
  ["%magic", "invalid"],
  ["%%sh", "incomplete"],
  ["%%sh\necho $(", "incomplete"],
  ["%%sh\necho $(\n\n", "complete"],
  ["%%time\nf(\n\n", "incomplete"],
  ["%%time\nf()\n\n", "complete"],
  ["1 %", "incomplete"],
])("%j is %s", (code, status) => {
  expect(checkCellComplete(code).status).toBe(status);
});
