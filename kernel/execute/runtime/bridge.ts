// Entry of the bridge: a worker beside the user's main thread that starts cells, stops them and carries their output.
import { workerData } from "node:worker_threads";
import type { HostMessage } from "../runtime-messages.ts";
import {
  SIGNALS,
  type BridgeData,
  type CellPlaces,
  type CommDelivery,
  type InputAnswer,
  type Ping,
  type ReportDelivery,
} from "./bridge-messages.ts";
import { BesideStart } from "./beside-start.ts";
import { CellRunner } from "./cell-runner.ts";
import { CommCalls } from "./comm-calls.ts";
import { DebugLink } from "./debug-link.ts";
import { DevTools } from "./devtools.ts";
import { HostLink } from "./host-link.ts";
import { Interrupter } from "./interrupter.ts";
import { lookAt } from "./live-values.ts";
import { Outbox } from "./outbox.ts";
import { RingReader } from "./output-ring.ts";
import { leftRunning, type InterruptibleCell } from "./running-cells.ts";

const { port, inputPort, placesPort, ring, signals: signalMemory } = workerData as BridgeData;
const signals = new Int32Array(signalMemory);
const pings = new Map<number, () => void>();
let lastPing = 0;

const host: HostLink = new HostLink(receive, () => outbox.pump());
const commCalls = new CommCalls(host);
const outbox: Outbox = new Outbox({
  port,
  ring: new RingReader(ring),
  signals,
  host: commCalls,
  onPong: (ping) => {
    pings.get(ping)?.();
    pings.delete(ping);
  },
  onEnded: (cell, thrown) => beside.receiveEnd(cell, thrown),
});
const devTools: DevTools = new DevTools((method, parameters) => debugLink.hear(method, parameters));
const debugLink: DebugLink = new DebugLink({ devTools, host });
const beside: BesideStart = new BesideStart({ devTools, ping: () => ask("ping", []) });
const interrupter = new Interrupter({
  devTools,
  ping: (cells) => ask("ping", cells),
  selfTest: () => ask("self-test", []),
  isBusy: () => runner.current !== undefined,
  // Cells come to their first statement in the order in which they were sent.
  hasStarted: (cells) => lastStarted() >= Math.min(...cells),
  hasPoller: (cells) => cells.includes(Atomics.load(signals, SIGNALS.poller)),
  setFlag,
  setInterrupting: (isInterrupting) => debugLink.setInterrupting(isInterrupting),
  cancelInput: () => answer({ type: "interrupted" }),
  notify: (cells, text) =>
    host.send({
      type: "notice",
      cell: cells.length > 0 ? Math.min(...cells) : runner.lastCell,
      text,
    }),
});
const runner: CellRunner = new CellRunner({
  devTools,
  outbox,
  host,
  beside,
  isInterrupting: () => interrupter.isAtWork,
  onStart: (isAlone) => {
    if (isAlone || !interrupter.isAtWork) setFlag(false);
  },
  onWarm: () => void interrupter.warmUp(),
});

function receive(message: HostMessage): void {
  switch (message.type) {
    case "execute":
      placesPort.postMessage({
        cell: message.cell,
        name: message.name,
        places: message.places,
        forgotten: message.forgotten,
      } satisfies CellPlaces);
      void runner.run(message.cell, message.javascript);
      return;
    case "interrupt":
      void interrupt(runner.current ?? commCalls.together() ?? background());
      return;
    case "inspect":
      void debugLink.receive(message);
      return;
    case "input":
      answer({ type: "value", cell: message.cell, value: message.value });
      return;
    case "input-refused":
      answer({ type: "refused", cell: message.cell, message: message.message });
      return;
    case "comm":
      commCalls.add(message.cell);
      port.postMessage(message satisfies CommDelivery);
      return;
    case "report":
      port.postMessage(message satisfies ReportDelivery);
      return;
    case "look":
      void look(message.look, message.expression);
  }
}

/** A running cell would have to be stopped to be looked at. */
async function look(id: number, expression: string): Promise<void> {
  const found = await lookAt(devTools, expression, () => !runner.current && !interrupter.isAtWork);
  host.send({ type: "looked", look: id, found });
}

async function interrupt(cell: InterruptibleCell): Promise<void> {
  if (cell.ids.length > 0) {
    Atomics.store(signals, SIGNALS.interruptedUpTo, Math.max(...cell.ids));
  }
  beside.interrupt();
  await interrupter.interrupt(cell);
  // Force may have ended the very turn that was to start a cell: once all turns are through, it will not start.
  for (let turn = 0; turn < 2; turn++) await ask("ping", []);
  const isLost = (id: number): boolean => cell.ids.includes(id) && lastStarted() < id;
  for (const id of runner.current?.ids ?? []) if (isLost(id)) runner.current?.abandon(id);
}

/** The cell that came to its first statement last. */
function lastStarted(): number {
  return Atomics.load(signals, SIGNALS.started);
}

function background(): InterruptibleCell {
  const before = lastStarted();
  return leftRunning(() => lastStarted() !== before);
}

/** Asks the main thread for an answer, and to reject the top-level awaits of `cells`. */
function ask(type: Ping["type"], cells: readonly number[]): Promise<void> {
  return new Promise((resolve) => {
    pings.set(++lastPing, resolve);
    port.postMessage({ type, ping: lastPing, cells } satisfies Ping);
  });
}

function setFlag(isRaised: boolean): void {
  Atomics.store(signals, SIGNALS.interrupt, isRaised ? 1 : 0);
}

function answer(value: InputAnswer): void {
  inputPort.postMessage(value);
  Atomics.add(signals, SIGNALS.input, 1);
  Atomics.notify(signals, SIGNALS.input);
}
