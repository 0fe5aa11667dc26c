// Streams end up as a terminal would leave them.
import { expect, test } from "vitest";
import { appendToStream, emptyStream, streamText } from "../../../cli/run/stream-text.ts";

test.each([
  [["a\n", "b"], "a\nb"],
  [["epoch 1", "\repoch 2", "\repoch 3\n", "done"], "epoch 3\ndone"],
  [["12345\rab"], "ab345"],
  [["windows\r\nlines\r\n"], "windows\nlines\n"],
  [["abc\b\bX"], "aX"],
  [["a\n\b\bb"], "a\nb"],
  [["long line\rshort\n"], "shortline\n"],
])("%j leaves %j", (chunks, text) => {
  const stream = emptyStream();
  for (const chunk of chunks) appendToStream(stream, chunk);
  expect(streamText(stream)).toBe(text);
});

test("where a chunk is cut makes no difference", () => {
  const text = "one\rtwo\nthree\b\bab\r\n\r50%\r100%\n";
  const whole = emptyStream();
  appendToStream(whole, text);
  for (let cut = 1; cut < text.length; cut += 1) {
    const parts = emptyStream();
    appendToStream(parts, text.slice(0, cut));
    appendToStream(parts, text.slice(cut));
    expect(streamText(parts)).toBe(streamText(whole));
  }
});
