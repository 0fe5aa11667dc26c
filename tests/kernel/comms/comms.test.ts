// The hub of comms in the process that runs cells: what it sends, whom it calls, what it refuses.
// Covers: kernel/comms/comm-error.ts
import { expect, test } from "vitest";
import type { CommPacket } from "../../../kernel/comms/comm-packet.ts";
import { CommHub, type CommMessage } from "../../../kernel/comms/comms.ts";

function hub(): { comms: CommHub; sent: CommPacket[]; failures: unknown[] } {
  const sent: CommPacket[] = [];
  const failures: unknown[] = [];
  const comms = new CommHub({
    post: (packet) => sent.push(packet),
    onFailure: (error) => failures.push(error),
  });
  return { comms, sent, failures };
}

const incoming = (id: string, rest: Partial<CommPacket>): CommPacket => ({
  action: "message",
  id,
  target: "",
  data: {},
  metadata: {},
  buffers: [],
  ...rest,
});

test("an opened comm sends its target, data, metadata and copies of its buffers", () => {
  const { comms, sent } = hub();
  const numbers = new Float32Array([1, 2, 3, 4]);
  const comm = comms.open("plot", { a: 1 }, { metadata: { version: "1" } });
  comm.send({ b: 2 }, { buffers: [numbers.subarray(1, 3), new Uint8Array([9]).buffer] });
  numbers.fill(0);
  comm.close();
  expect(sent.map(({ action, target }) => [action, target])).toEqual([
    ["open", "plot"],
    ["message", ""],
    ["close", ""],
  ]);
  expect(sent[0]).toMatchObject({ id: comm.id, data: { a: 1 }, metadata: { version: "1" } });
  const [floats, bytes] = sent[1]?.buffers ?? [];
  expect([...new Float32Array(floats?.buffer ?? new ArrayBuffer(0))]).toEqual([2, 3]);
  expect(bytes).toEqual(new Uint8Array([9]));
});

test("messages and the closing of the other side reach the listeners, until they are taken off", () => {
  const { comms } = hub();
  const comm = comms.open("plot");
  const heard: CommMessage[] = [];
  const stop = comm.onMessage((message) => heard.push(message));
  comm.onClose((message) => heard.push(message));
  const buffers = [new Uint8Array([1])];
  expect(comms.receive(incoming(comm.id, { data: { x: 1 }, buffers }))).toBe(true);
  stop();
  comms.receive(incoming(comm.id, { data: { x: 2 } }));
  comms.receive(incoming(comm.id, { action: "close", data: { x: 3 } }));
  expect(heard).toEqual([
    { data: { x: 1 }, metadata: {}, buffers },
    { data: { x: 3 }, metadata: {}, buffers: [] },
  ]);
  expect(comm.isClosed).toBe(true);
  expect(comms.receive(incoming(comm.id, {}))).toBe(false);
});

test("a comm that the page opens goes to who registered its target, and is unknown to others", () => {
  const { comms, sent } = hub();
  const stop = comms.register("echo", (comm, { data }) => comm.send({ got: data }));
  const opening = incoming("c1", { action: "open", target: "echo", data: { x: 1 } });
  expect(comms.receive(opening)).toBe(true);
  expect(sent).toMatchObject([{ action: "message", id: "c1", data: { got: { x: 1 } } }]);
  stop();
  expect(comms.receive({ ...opening, id: "c2" })).toBe(false);
});

test("a listener that throws is reported, and the others are called", () => {
  const { comms, sent, failures } = hub();
  const comm = comms.open("plot");
  let calls = 0;
  comm.onMessage(() => {
    throw new RangeError("first");
  });
  comm.onMessage(() => calls++);
  comms.receive(incoming(comm.id, {}));
  comms.register("broken", () => {
    throw new RangeError("second");
  });
  comms.receive(incoming("c1", { action: "open", target: "broken" }));
  expect(calls).toBe(1);
  expect(failures).toEqual([new RangeError("first"), new RangeError("second")]);
  expect(sent.at(-1)).toMatchObject({ action: "close", id: "c1" });
});

test("wrong use says what to do instead, and leaves nothing open", () => {
  const { comms, sent } = hub();
  expect(() => comms.open("plot", [1, 2])).toThrow(/data must be an object.*got an array.*Wrap it/);
  const cycle: Record<string, unknown> = {};
  cycle["self"] = cycle;
  expect(() => comms.open("plot", cycle)).toThrow(/what JSON can express.*Send plain objects/);
  expect(sent).toEqual([]);
  const comm = comms.open("plot");
  const wrong = { buffers: ["text" as never] };
  expect(() => comm.send({}, wrong)).toThrow(/got string in it\. Pass new Uint8Array/);
  comm.close();
  comm.close();
  expect(() => comm.send({})).toThrow(/must be open, but it was closed.*comms\.open/);
  expect(sent).toHaveLength(2);
});
