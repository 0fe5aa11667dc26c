// How values show themselves: tables as text and HTML, and the two well-known symbols.
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import {
  escapeHtml,
  groupDigits,
  type MimeBundle,
  showItself,
  tableBundle,
} from "../../lib/display.ts";

describe("a table", () => {
  const bundle = tableBundle({
    title: "Prices",
    columns: ["what", "how much"],
    rows: [
      ["<bread>", "3"],
      ["milk", "12"],
    ],
    footer: ["total", "15"],
    cellStyle: (row, column) => (row === 1 && column === 1 ? "color:red" : undefined),
  });

  test("has text columns on the left and numbers on the right", () => {
    expect(bundle["text/plain"]!.split("\n")).toEqual([
      "Prices",
      "what     how much",
      "-----------------",
      "<bread>         3",
      "milk           12",
      "-----------------",
      "total          15",
    ]);
  });

  test("escapes its texts in HTML, and styles the cells it is told to", () => {
    expect(bundle["text/html"]).toContain("&lt;bread&gt;");
    expect(bundle["text/html"]).not.toContain("<bread>");
    expect(bundle["text/html"]!.match(/color:red/g)).toHaveLength(1);
  });
});

describe("a value that shows itself", () => {
  class Greeting {
    toMimeBundle(): MimeBundle {
      return { "text/plain": "hello", "text/html": "<b>hello</b>" };
    }
  }
  showItself(Greeting);

  test("answers notebooks and console.log, also in a class made from it", () => {
    class Louder extends Greeting {
      override toMimeBundle(): MimeBundle {
        return { "text/plain": "HELLO" };
      }
    }
    const show = (new Louder() as unknown as Record<symbol, () => MimeBundle>)[
      Symbol.for("Jupyter.display")
    ]!;
    expect(show.call(new Louder())).toEqual({ "text/plain": "HELLO" });
    expect(inspect(new Greeting())).toBe("hello");
  });
});

describe("small texts", () => {
  test("group digits and escape quotes", () => {
    expect(groupDigits(203530)).toBe("203,530");
    expect(escapeHtml(`<a href="x">&</a>`)).toBe("&lt;a href=&quot;x&quot;&gt;&amp;&lt;/a&gt;");
  });
});
