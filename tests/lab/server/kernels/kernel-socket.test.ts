// A kernel that publishes without a pause does not stop the server's clock.
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { parseConnectionFile } from "../../../../kernel/protocol/connection-file.ts";
import { sealFrames } from "../../../../kernel/protocol/frames.ts";
import { Signer } from "../../../../kernel/protocol/signature.ts";
import { PublicationSocket } from "../../../../lab/server/kernels/kernel-socket.ts";
import { freePorts } from "../../../support/free-ports.ts";

const MESSAGES = 1200;
/** What a server does with a message takes longer than publishing it, in milliseconds. */
const HANDLING_MS = 1;
/** The socket by itself takes a break only after some five hundred messages. */
const LEAST_TICKS = 20;
/** Publishes the same message many times, as fast as the socket takes it. */
const PUBLISHER = `
const { workerData: { url, frames, count } } = require("node:worker_threads");
const { XPublisher } = require(${JSON.stringify(createRequire(import.meta.url).resolve("zeromq"))});
void (async () => {
  const socket = new XPublisher({ sendHighWaterMark: 0 });
  await socket.bind(url);
  await socket.receive();
  for (let i = 0; i < count; i++) await socket.send(frames);
})();`;

test("timers run while messages come in faster than they can be handled", async () => {
  const ports = await freePorts(5);
  const names = ["shell", "iopub", "stdin", "control", "hb"];
  const connection = parseConnectionFile(
    JSON.stringify({
      ...Object.fromEntries(names.map((name, at) => [`${name}_port`, ports[at]])),
      transport: "tcp",
      ip: "127.0.0.1",
      key: "k",
      signature_scheme: "hmac-sha256",
    }),
  );
  const parts = ["{}", "{}", "{}", "{}"].map((text) => Buffer.from(text));
  const frames = sealFrames(parts, new Signer("k", "hmac-sha256"));
  const url = `tcp://127.0.0.1:${connection.ports.iopub}`;
  const worker = new Worker(PUBLISHER, {
    eval: true,
    workerData: { url, frames, count: MESSAGES },
  });
  let [received, ticks] = [0, 0];
  const clock = setInterval(() => ticks++, 1);
  let resolve = (): void => undefined;
  const all = new Promise<void>((done) => {
    resolve = done;
  });
  const socket = new PublicationSocket(connection, () => {
    received++;
    const end = performance.now() + HANDLING_MS;
    while (performance.now() < end);
    if (received === 1) ticks = 0;
    if (received === MESSAGES) resolve();
  });
  await all;
  clearInterval(clock);
  socket.close();
  await worker.terminate();
  expect(ticks).toBeGreaterThan(LEAST_TICKS);
});
