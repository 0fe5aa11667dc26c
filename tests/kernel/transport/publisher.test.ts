// Text of streams is joined for a moment, and nothing overtakes it.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Header } from "../../../kernel/protocol/message.ts";
import { Publisher } from "../../../kernel/transport/publisher.ts";

const parent = { msg_id: "1" } as Header;
let sent: [string, unknown][];
let publisher: Publisher;
beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  publisher = new Publisher((type, content) => sent.push([type, content]));
});
afterEach(() => {
  vi.useRealTimers();
});

describe("publisher", () => {
  test("text within 20 ms goes out as one message", () => {
    publisher.text("stdout", "a", parent);
    publisher.text("stdout", "b", parent);
    vi.advanceTimersByTime(19);
    expect(sent).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(sent).toEqual([["stream", { name: "stdout", text: "ab" }]]);
  });

  test("a change of the stream or of the cell keeps the order", () => {
    publisher.text("stdout", "a", parent);
    publisher.text("stderr", "b", parent);
    publisher.text("stderr", "c", { msg_id: "2" } as Header);
    publisher.flush();
    expect(sent.map(([, content]) => (content as { text: string }).text)).toEqual(["a", "b", "c"]);
  });

  test("another message takes the waiting text with it", () => {
    publisher.text("stdout", "a", parent);
    publisher.send("status", { execution_state: "idle" }, parent);
    expect(sent.map(([type]) => type)).toEqual(["stream", "status"]);
  });

  test("a lot of text does not wait", () => {
    publisher.text("stdout", "x".repeat(1024 * 1024), parent);
    expect(sent).toHaveLength(1);
  });
});
