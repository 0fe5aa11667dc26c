// Each shell handles its requests one after the other, and knows nothing of the others.
import { expect, test } from "vitest";
import { createMessage, type Message } from "../../../kernel/protocol/message.ts";
import { SendQueue } from "../../../kernel/transport/send-queue.ts";
import { Shells, type Request } from "../../../kernel/transport/shells.ts";

const queue = new SendQueue({ send: () => Promise.resolve() }, () => undefined);
const route = { handler: () => undefined };

function request(type: string, subshell?: string): Request {
  const message = createMessage({ type, session: "s", content: {} });
  const header = {
    ...message.header,
    ...(subshell === undefined ? {} : { subshell_id: subshell }),
  };
  return { message: { ...message, header }, queue, route };
}

/** Shells whose requests end when the test says so. */
function controlledShells(): { shells: Shells; started: Message[]; finish: () => void } {
  const started: Message[] = [];
  const endings: (() => void)[] = [];
  const shells = new Shells(({ message }) => {
    started.push(message);
    return new Promise((resolve) => endings.push(resolve));
  });
  return { shells, started, finish: () => endings.shift()?.() };
}

test("a shell waits for its own requests only", async () => {
  const { shells, started, finish } = controlledShells();
  const id = shells.create();
  const [first, second, beside] = [
    request("execute_request"),
    request("execute_request"),
    request("execute_request", id),
  ];
  for (const one of [first, second, beside]) shells.of(one.message)?.push(one);
  expect(started).toEqual([first.message, beside.message]);
  expect(shells.running()).toEqual([first, beside]);
  finish();
  await new Promise(setImmediate);
  expect(started.at(-1)).toBe(second.message);
});

test("a deleted subshell is unknown, and gives back the cells that will not run", () => {
  const { shells } = controlledShells();
  const id = shells.create();
  const [running, waiting] = [request("execute_request", id), request("execute_request", id)];
  for (const one of [running, waiting]) shells.of(one.message)?.push(one);
  expect(shells.delete(id)).toEqual([waiting]);
  expect(shells.delete(id)).toBeUndefined();
  expect(shells.of(waiting.message)).toBeUndefined();
  expect(shells.list()).toEqual([]);
});

test("only cells are aborted, and only once", async () => {
  const { shells } = controlledShells();
  const [running, cell, comm] = [
    request("execute_request"),
    request("execute_request"),
    request("comm_msg"),
  ];
  const shell = shells.of(running.message);
  for (const one of [running, cell, comm]) shell?.push(one);
  expect(await shell?.takeAborted()).toEqual([]);
  shell?.abortWaitingCells();
  expect(await shell?.takeAborted()).toEqual([cell]);
  expect(await shell?.takeAborted()).toEqual([]);
});
