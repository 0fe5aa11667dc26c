// Lines of a history file, whole and damaged.
import { expect, test } from "vitest";
import { decodeLines, encodeLine } from "../../../kernel/history/history-entry.ts";

test("a cell and its value come back as one entry", () => {
  const text = encodeLine({ line: 1, source: "a\nb" }) + encodeLine({ line: 1, output: "5" });
  expect(text.match(/\n/g)).toHaveLength(2);
  expect(decodeLines(text, 7)).toEqual([{ session: 7, line: 1, source: "a\nb", output: "5" }]);
});

test("a line that was cut off, and any other damage, costs only that line", () => {
  const cut = encodeLine({ line: 3, source: "cut off" }).slice(0, -9);
  const lines = ["", "null", "[1]", "7", '{"line":"2","source":"x"}', '{"line":4}', "\u0000\u0000"];
  const text = `${encodeLine({ line: 1, source: "kept" })}${lines.join("\n")}\n${cut}`;
  expect(decodeLines(text, 1).map(({ source }) => source)).toEqual(["kept"]);
});
