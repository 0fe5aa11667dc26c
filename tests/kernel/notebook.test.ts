// The public module, loaded where there is no kernel.
import { expect, test } from "vitest";
import { comms } from "../../kernel/notebook.ts";

test("comms outside of a notebook say where they work", () => {
  expect(() => comms.open("plot")).toThrow(
    /need a notebook kernel.*without one.*cell of a notebook/,
  );
});
