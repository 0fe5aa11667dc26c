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
} from "./bridge-messages.ts";
import { CellRunner } from "./cell-runner.ts";
import { DebugLink } from "./debug-link.ts";
import { DevTools } from "./devtools.ts";
import { HostLink } from "./host-link.ts";
import { Interrupter } from "./interrupter.ts";
import { lookAt } from "./live-values.ts";
import { Outbox } from "./outbox.ts";
import { RingReader } from "./output-ring.ts";

const { port, inputPort, placesPort, ring, signals: signalMemory } = workerData as BridgeData;
const signals = new Int32Array(signalMemory);
const pings = new Map<number, () => void>();
let lastPing = 0;

const host: HostLink = new HostLink(receive, () => outbox.pump());
const outbox: Outbox = new Outbox({
  port,
  ring: new RingReader(ring),
  signals,
  host,
  onPong: (ping) => {
    pings.get(ping)?.();
    pings.delete(ping);
  },
});
const devTools: DevTools = new DevTools((method, parameters) => debugLink.hear(method, parameters));
const debugLink: DebugLink = new DebugLink({ devTools, host });
const interrupter = new Interrupter({
  devTools,
  ping: (cell) => ask("ping", cell),
  selfTest: () => ask("self-test", 0),
  isBusy: () => runner.current !== undefined,
  hasStarted: (cell) => Atomics.load(signals, SIGNALS.started) === cell,
  hasPoller: (cell) => Atomics.load(signals, SIGNALS.poller) === cell,
  setFlag,
  setInterrupting: (isInterrupting) => debugLink.setInterrupting(isInterrupting),
  cancelInput: () => answer({ type: "interrupted" }),
  notify: (cell, text) => host.send({ type: "notice", cell: cell || runner.lastCell, text }),
});
const runner: CellRunner = new CellRunner({
  devTools,
  outbox,
  host,
  onStart: () => setFlag(false),
  onFirstQuiet: () => void interrupter.warmUp(),
});

function receive(message: HostMessage): void {
  switch (message.type) {
    case "execute":
      placesPort.postMessage({ name: message.name, places: message.places } satisfies CellPlaces);
      void runner.run(message.cell, message.javascript);
      return;
    case "interrupt":
      void interrupter.interrupt(runner.current ?? runner.background());
      return;
    case "inspect":
      void debugLink.receive(message);
      return;
    case "input":
      answer({ type: "value", value: message.value });
      return;
    case "input-refused":
      answer({ type: "refused", message: message.message });
      return;
    case "comm":
      port.postMessage(message satisfies CommDelivery);
      return;
    case "look":
      void look(message.look, message.expression);
  }
}

/** Asks the main thread for an answer, and to reject the top-level await of `cell`. */
function ask(type: Ping["type"], cell: number): Promise<void> {
  return new Promise((resolve) => {
    pings.set(++lastPing, resolve);
    port.postMessage({ type, ping: lastPing, cell } satisfies Ping);
  });
}

/** A running cell would have to be stopped to be looked at. */
async function look(id: number, expression: string): Promise<void> {
  const found = runner.current ? undefined : await lookAt(devTools, expression);
  host.send({ type: "looked", look: id, found });
}

function setFlag(isRaised: boolean): void {
  Atomics.store(signals, SIGNALS.interrupt, isRaised ? 1 : 0);
}

function answer(value: InputAnswer): void {
  inputPort.postMessage(value);
  Atomics.store(signals, SIGNALS.input, 1);
  Atomics.notify(signals, SIGNALS.input);
}
