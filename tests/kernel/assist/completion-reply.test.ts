// The content of complete_reply, with cursors in code points.
import { expect, test } from "vitest";
import { completionReply } from "../../../kernel/assist/completion-reply.ts";

test("cursors count an astral character once, and the metadata stands beside each match", () => {
  const code = 'const s = "😀😀"; s.toUpp';
  const start = code.lastIndexOf("toUpp");
  const items = [
    {
      text: "toUpperCase",
      kind: "function" as const,
      signature: "(method) …",
      documentation: "Up.",
    },
    { text: "toUpp", kind: "property" as const },
  ];
  expect(completionReply(code, { start, end: code.length, items })).toEqual({
    status: "ok",
    matches: ["toUpperCase", "toUpp"],
    cursor_start: start - 2,
    cursor_end: code.length - 2,
    metadata: {
      _jupyter_types_experimental: [
        {
          start: start - 2,
          end: code.length - 2,
          text: "toUpperCase",
          type: "function",
          signature: "(method) …",
          documentation: "Up.",
        },
        { start: start - 2, end: code.length - 2, text: "toUpp", type: "property" },
      ],
    },
  });
});
