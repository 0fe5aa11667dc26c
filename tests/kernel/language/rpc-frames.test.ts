// Messages on a byte stream survive any way of being cut, and nonsense is refused.
import { expect, test } from "vitest";
import { encodeRpc, RpcDecoder } from "../../../kernel/language/rpc-frames.ts";

test("messages come back whole when every byte comes alone", () => {
  const decoder = new RpcDecoder();
  const bytes = Buffer.concat([encodeRpc({ id: 1, text: "ü😀" }), encodeRpc({ id: 2 })]);
  const messages = [...bytes].flatMap((byte) => decoder.push(Buffer.from([byte])));
  expect(messages).toEqual([{ id: 1, text: "ü😀" }, { id: 2 }]);
});

test("several messages in one chunk come in their order", () => {
  const chunk = Buffer.concat([1, 2, 3].map((id) => encodeRpc({ id })));
  expect(new RpcDecoder().push(chunk)).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
});

test("further headers are allowed", () => {
  const chunk = Buffer.from("Content-Type: x\r\ncontent-length: 2\r\n\r\n{}");
  expect(new RpcDecoder().push(chunk)).toEqual([{}]);
});

test.each([
  ["a header without a length", "Content-Type: x\r\n\r\n{}"],
  ["an endless header", "x".repeat(5000)],
  ["a body that is no JSON", "Content-Length: 3\r\n\r\n{x}"],
  ["a body that is no object", "Content-Length: 1\r\n\r\n1"],
  ["a length beyond any message", "Content-Length: 99999999999\r\n\r\n"],
])("%s is refused", (_name, text) => {
  expect(() => new RpcDecoder().push(Buffer.from(text))).toThrow(
    expect.objectContaining({ code: "LANGUAGE_SERVER_GARBLED" }),
  );
});
