// A message survives its frames; frames that are wrong in any way are refused.
// Covers: kernel/protocol/*.ts
import { describe, expect, test } from "vitest";
import { endpointOf, parseConnectionFile } from "../../../kernel/protocol/connection-file.ts";
import { ProtocolError } from "../../../kernel/protocol/errors.ts";
import { decodeFrames, encodeMessage } from "../../../kernel/protocol/frames.ts";
import { createMessage, textOf } from "../../../kernel/protocol/message.ts";
import { ReplayGuard, Signer } from "../../../kernel/protocol/signature.ts";

const signer = new Signer("secret");
const message = createMessage({
  type: "execute_request",
  session: "s",
  content: { code: "'\u{1f600}'" },
  metadata: { deep: [1] },
  identities: [Buffer.from("peer")],
  buffers: [Buffer.from([0, 255])],
});

/** The code with which `act` is refused. */
function codeOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return error instanceof ProtocolError ? error.code : String(error);
  }
}

/** The frames of `message`, with one of them replaced. */
function framesWith(position: number, frame: string, sign = false): Uint8Array[] {
  const frames = encodeMessage(message, signer);
  frames[position] = Buffer.from(frame);
  if (sign) frames[2] = Buffer.from(signer.sign(frames.slice(3, 7)));
  return frames;
}

describe("frames", () => {
  test("a message comes out of its frames as it went in", () => {
    const decoded = decodeFrames(encodeMessage(message, signer), signer);
    expect(decoded).toEqual(message);
  });

  test("a message signed with another key is refused", () => {
    const forged = encodeMessage(message, new Signer("guess"));
    expect(codeOf(() => decodeFrames(forged, signer))).toBe("PROTOCOL_SIGNATURE");
  });

  test("a changed part breaks the signature", () => {
    const changed = framesWith(6, '{"code":"other"}');
    expect(codeOf(() => decodeFrames(changed, signer))).toBe("PROTOCOL_SIGNATURE");
  });

  test.each([
    ["no delimiter", [Buffer.from("a")], "PROTOCOL_FRAMES"],
    ["too few parts", encodeMessage(message, signer).slice(0, 5), "PROTOCOL_FRAMES"],
    ["content that is not JSON", framesWith(6, "{", true), "PROTOCOL_JSON"],
    ["content that is a list", framesWith(6, "[]", true), "PROTOCOL_JSON"],
    [
      "a header without a type",
      framesWith(3, '{"msg_id":"1","session":"s"}', true),
      "PROTOCOL_JSON",
    ],
  ])("%s is refused", (_title, frames, code) => {
    expect(codeOf(() => decodeFrames(frames, signer))).toBe(code);
  });

  test("content that is not UTF-8 is refused", () => {
    const frames = encodeMessage(message, signer);
    frames[6] = Buffer.from([0x7b, 0xff, 0x7d]);
    frames[2] = Buffer.from(signer.sign(frames.slice(3, 7)));
    expect(codeOf(() => decodeFrames(frames, signer))).toBe("PROTOCOL_JSON");
  });

  test("the same message twice is refused", () => {
    const replays = new ReplayGuard();
    const frames = encodeMessage(message, signer);
    decodeFrames(frames, signer, replays);
    expect(codeOf(() => decodeFrames(frames, signer, replays))).toBe("PROTOCOL_REPLAY");
  });

  test("the guard forgets the older half and keeps the newer", () => {
    const replays = new ReplayGuard(4);
    for (const signature of ["a", "b", "c", "d", "e"]) replays.check(signature);
    expect(codeOf(() => replays.check("a"))).toBeUndefined();
    expect(codeOf(() => replays.check("e"))).toBe("PROTOCOL_REPLAY");
  });

  test("without a key nothing is signed and everything is taken", () => {
    const open = new Signer("");
    const frames = encodeMessage(message, open);
    expect(Buffer.from(frames[2] ?? []).toString()).toBe("");
    expect(decodeFrames(frames, open, new ReplayGuard())).toEqual(message);
  });

  test("a signature scheme that does not exist is refused", () => {
    expect(codeOf(() => new Signer("key", "hmac-none"))).toBe("PROTOCOL_CONNECTION_FILE");
  });
});

describe("content", () => {
  test("a field that is no text counts as empty", () => {
    expect(textOf({ code: 5 }, "code")).toBe("");
    expect(textOf({ code: "x" }, "code")).toBe("x");
  });
});

describe("connection files", () => {
  const ports = { shell_port: 1, control_port: 2, iopub_port: 3, stdin_port: 4, hb_port: 5 };

  test("a file of Jupyter is read", () => {
    const text = JSON.stringify({ ...ports, ip: "127.0.0.1", transport: "tcp", key: "k" });
    const connection = parseConnectionFile(text);
    expect(connection).toMatchObject({ key: "k", signatureScheme: "hmac-sha256" });
    expect(endpointOf(connection, "hb")).toBe("tcp://127.0.0.1:5");
  });

  test("an ipc address is a path with the port behind it", () => {
    const text = JSON.stringify({ ...ports, ip: "/tmp/kernel", transport: "ipc" });
    expect(endpointOf(parseConnectionFile(text), "shell")).toBe("ipc:///tmp/kernel-1");
  });

  test.each([
    ["text that is not JSON", "{"],
    ["another kind of value", "5"],
    ["a missing port", JSON.stringify({ ...ports, hb_port: undefined })],
    ["a port out of range", JSON.stringify({ ...ports, hb_port: 70_000 })],
    ["an unknown transport", JSON.stringify({ ...ports, transport: "udp" })],
    ["a key that is no text", JSON.stringify({ ...ports, key: 5 })],
  ])("%s is refused with the fix", (_title, text) => {
    expect(codeOf(() => parseConnectionFile(text))).toBe("PROTOCOL_CONNECTION_FILE");
    expect(() => parseConnectionFile(text)).toThrow(/Let a Jupyter client write it/);
  });
});
