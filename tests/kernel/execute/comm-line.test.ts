// The host's share of comms: which are open, and messages that arrive before anybody knows their comm.
import { expect, test } from "vitest";
import type { CommPacket } from "../../../kernel/comms/comm-packet.ts";
import { CommLine } from "../../../kernel/execute/comm-line.ts";
import type { HostMessage } from "../../../kernel/execute/runtime-messages.ts";

const packet = (action: CommPacket["action"], id: string, target = ""): CommPacket => ({
  action,
  id,
  target,
  data: {},
  metadata: {},
  buffers: [],
});

function line() {
  const state = { owners: new Set<number>(), sent: [] as HostMessage[] };
  let lastOwner = 0;
  const comms = new CommLine<string>({
    send: (message) => state.sent.push(message),
    addOwner: () => {
      state.owners.add(++lastOwner);
      return lastOwner;
    },
    removeOwner: (owner) => state.owners.delete(owner),
  });
  const answer = (isKnown: boolean): void => {
    const last = state.sent.at(-1) as Extract<HostMessage, { type: "comm" }>;
    comms.receive({ type: "comm-received", cell: last.cell, isKnown });
  };
  return { comms, state, answer };
}

const ignore = (): void => undefined;

test("open comms are listed, all or those of one target, until one side closes them", async () => {
  const { comms, answer } = line();
  comms.note(packet("open", "a", "one"));
  const opened = comms.deliver(packet("open", "b", "two"), ignore);
  answer(true);
  expect(await opened).toBe(true);
  expect(comms.list()).toEqual({ a: { target_name: "one" }, b: { target_name: "two" } });
  expect(comms.list("two")).toEqual({ b: { target_name: "two" } });
  comms.note(packet("close", "a"));
  const closed = comms.deliver(packet("close", "b"), ignore);
  answer(true);
  await closed;
  expect(comms.list()).toEqual({});
});

test("a comm that nobody knows is not open", async () => {
  const { comms, answer } = line();
  const opened = comms.deliver(packet("open", "a", "nobody"), ignore);
  answer(false);
  expect(await opened).toBe(false);
  expect(comms.list()).toEqual({});
});

test("a message that nobody knows is tried again when the running cell has ended", async () => {
  const { comms, state, answer } = line();
  let end = (): void => undefined;
  const cell = comms.during(new Promise<void>((resolve) => (end = resolve)));
  const opened = comms.deliver(packet("open", "a", "soon"), ignore);
  answer(false);
  await Promise.resolve();
  expect(state.sent).toHaveLength(1);
  end();
  await cell;
  expect(state.sent).toHaveLength(2);
  answer(true);
  expect(await opened).toBe(true);
});

test("when the runtime is gone, waiting messages end and all comms are closed", async () => {
  const { comms } = line();
  comms.note(packet("open", "a", "one"));
  const waiting = comms.deliver(packet("message", "a"), ignore);
  expect(comms.reset()).toEqual([packet("close", "a")]);
  expect(await waiting).toBe(true);
  expect(comms.list()).toEqual({});
});

test("the requests of old messages are forgotten", async () => {
  const { comms, state, answer } = line();
  comms.note(packet("open", "a", "one"));
  for (let message = 0; message < 300; message++) {
    const delivered = comms.deliver(packet("message", "a"), ignore);
    answer(true);
    await delivered;
  }
  expect(state.owners.size).toBe(200);
});
