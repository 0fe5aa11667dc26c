// Which cells are questions: none that is a program.
import { expect, test } from "vitest";
import { checkComplete } from "../../../kernel/compile/check-complete.ts";
import { readQuestion } from "../../../kernel/handlers/page.ts";

test.each([
  ["Math.max?", "Math.max", false],
  ["?Math.max", "Math.max", false],
  [" fit?? \n", "fit", true],
  ["??fit", "fit", true],
  ["a.#secret?", "a.#secret", false],
  ["größe?", "größe", false],
])("%j asks for %s", (code, name, wantsSource) => {
  expect(readQuestion(code)).toEqual({ name, wantsSource });
  expect(checkComplete(code).status).not.toBe("complete");
});

test.each(["fit", "a ? b : c", "a?.b", "a ?? b", "%time?", "f(1)?", "?", "a???", "a?\nb", "x!?"])(
  "%j is no question",
  (code) => {
    expect(readQuestion(code)).toBeUndefined();
  },
);
