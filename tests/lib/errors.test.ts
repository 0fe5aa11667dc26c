// The error classes: a stable code each, and a common base.
import { expect, test } from "vitest";
import * as lib from "../../lib/index.ts";

test.each([
  [lib.ShapeError, "GRADLAB_SHAPE"],
  [lib.DTypeError, "GRADLAB_DTYPE"],
  [lib.ArgumentError, "GRADLAB_ARGUMENT"],
  [lib.StateError, "GRADLAB_STATE"],
  [lib.DataError, "GRADLAB_DATA"],
  [lib.GradientError, "GRADLAB_GRADIENT"],
  [lib.InterruptedError, "GRADLAB_INTERRUPTED"],
  [lib.BackendError, "GRADLAB_BACKEND"],
])("%o is a GradlabError with its own name, code %s, and keeps its cause", (Kind, code) => {
  const cause = new TypeError("below");
  const error = new Kind("what; came; fix", { cause });
  expect(error).toBeInstanceOf(lib.GradlabError);
  expect([error.code, error.name, error.cause]).toEqual([code, Kind.name, cause]);
  // A notebook prints own properties between the message and the line.
  expect(Object.keys(error)).toEqual(["name"]);
});
