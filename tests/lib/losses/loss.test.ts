// How losses show themselves: by their settings, never by what forward has saved.
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { CrossEntropyLoss, Loss, tensor } from "../../../lib/index.ts";

test("a loss shows its name and settings, also after forward", () => {
  const loss = new CrossEntropyLoss({ reduction: "sum" });
  loss.forward(tensor([[1, 2]]), tensor([0], { dtype: "int32" }));
  expect(inspect(loss)).toBe("CrossEntropyLoss: reduction sum");
  expect(loss.toMimeBundle()).toEqual({ "text/plain": inspect(loss) });
});

test("a loss of one's own without settings shows its name", () => {
  class Nothing extends Loss {
    forward = () => tensor(0);
    backward = () => tensor(0);
  }
  expect(inspect(new Nothing())).toBe("Nothing");
});
