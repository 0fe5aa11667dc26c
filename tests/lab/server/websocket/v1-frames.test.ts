// Both websocket protocols, checked against what JupyterLab's own client writes and reads.
// Covers: lab/server/websocket/v1-frames.ts, lab/server/websocket/legacy-frames.ts
import { KernelMessage } from "@jupyterlab/services";
import { deserialize, serialize } from "@jupyterlab/services/lib/kernel/serialize.js";
import { describe, expect, test } from "vitest";
import { decodeLegacy, encodeLegacy } from "../../../../lab/server/websocket/legacy-frames.ts";
import { decodeV1, encodeV1, V1_PROTOCOL } from "../../../../lab/server/websocket/v1-frames.ts";

const PROTOCOLS = [
  ["v1", V1_PROTOCOL, encodeV1, (bytes: Buffer) => decodeV1(bytes)],
  ["legacy", "", encodeLegacy, (bytes: Buffer) => decodeLegacy(bytes, true)],
] as const;

function messageWith(buffers: Uint8Array[]): KernelMessage.IMessage {
  return KernelMessage.createMessage({
    channel: "shell",
    session: "grüße",
    msgType: "comm_msg",
    content: { comm_id: "c", data: { text: "π \u2028" } },
    buffers: buffers.map((bytes) => new DataView(bytes.buffer)),
  });
}

describe.each(PROTOCOLS)("the %s protocol", (_name, protocol, encode, decode) => {
  test.each([
    ["no buffers", []],
    ["an empty buffer", [new Uint8Array()]],
    ["two buffers", [new Uint8Array([0, 255]), new Uint8Array([1, 2, 3])]],
  ])("reads what the client writes with %s", (_what, buffers) => {
    const message = messageWith(buffers);
    const written = serialize(message, protocol);
    const { channel, parts } =
      typeof written === "string"
        ? decodeLegacy(Buffer.from(written), false)
        : decode(Buffer.from(written));
    const [header, , , content] = parts
      .slice(0, 4)
      .map((part) => Buffer.from(part).toString("utf8"));
    expect(channel).toBe("shell");
    expect(JSON.parse(header ?? "")).toEqual(message.header);
    expect(JSON.parse(content ?? "")).toEqual(message.content);
    expect(parts.slice(4).map((part) => [...part])).toEqual(buffers.map((bytes) => [...bytes]));
  });

  test.each([
    ["no buffers", []],
    ["two buffers", [new Uint8Array([0, 255]), new Uint8Array([1, 2, 3])]],
  ])("writes what the client reads with %s", (_what, buffers) => {
    const { header, content } = messageWith([]);
    const parts = [header, {}, {}, content].map((part) => Buffer.from(JSON.stringify(part)));
    const written = encode("iopub", [...parts, ...buffers]);
    // The client's own type leaves out that it reads text too.
    const given = typeof written === "string" ? written : new Uint8Array(written).buffer;
    const read = deserialize(given as ArrayBuffer, protocol);
    expect(read).toMatchObject({ channel: "iopub", header, content });
    const views = (read.buffers ?? []) as DataView[];
    const bytes = views.map((view) => [
      ...new Uint8Array(view.buffer, view.byteOffset, view.byteLength),
    ]);
    expect(bytes).toEqual(buffers.map((each) => [...each]));
  });
});

describe("a table of offsets that does not fit its bytes", () => {
  const table = (...numbers: bigint[]): Buffer => {
    const bytes = Buffer.alloc(numbers.length * 8);
    for (const [index, number] of numbers.entries()) bytes.writeBigUInt64LE(number, index * 8);
    return bytes;
  };

  test.each([
    ["is empty", Buffer.alloc(0)],
    ["counts too few", table(2n, 24n, 24n)],
    ["counts more than there are", table(9_000n, 1n)],
    ["counts beyond all numbers", table(2n ** 63n)],
    ["points into itself", table(6n, 8n, 56n, 56n, 56n, 56n, 56n)],
    ["goes backwards", Buffer.concat([table(6n, 58n, 57n, 58n, 58n, 58n, 58n), Buffer.alloc(2)])],
    ["points behind the end", table(6n, 56n, 56n, 56n, 56n, 56n, 57n)],
  ])("is refused: it %s", (_what, bytes) => {
    expect(() => decodeV1(bytes)).toThrow(/^websocket: .*offset/);
  });

  test.each([
    ["is empty", Buffer.alloc(0)],
    ["counts none", Buffer.from([0, 0, 0, 0])],
    ["counts too many", Buffer.from([255, 255, 255, 255])],
    ["points into itself", Buffer.from([0, 0, 0, 1, 0, 0, 0, 4, 123, 125])],
    ["points behind the end", Buffer.from([0, 0, 0, 1, 0, 0, 0, 99, 123, 125])],
  ])("is refused in the older protocol: it %s", (_what, bytes) => {
    expect(() => decodeLegacy(bytes, true)).toThrow(/^websocket: .*(table|part)/);
  });
});
