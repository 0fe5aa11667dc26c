// Entry of the runtime process. Its main thread runs only user code and the few functions that user code calls.
import { MessageChannel, Worker } from "node:worker_threads";
import { cellHelpers } from "../../compile/lowered-syntax.ts";
import { tslabModule, type TslabModule } from "../../display/tslab-module.ts";
import { outputLimitBytes } from "../output-budget.ts";
import { ask } from "./ask.ts";
import { SIGNAL_BYTES, type BridgeData, type MainMessage, type Ping } from "./bridge-messages.ts";
import { createCellContext } from "./cell-context.ts";
import { CellGate } from "./cell-gate.ts";
import { CellImports } from "./cell-imports.ts";
import { CellInterrupts } from "./cell-interrupts.ts";
import { CellOutput } from "./cell-output.ts";
import { defineCellRuntime, defineGlobals, protectImmediates, publishKernel } from "./globals.ts";
import { createRingMemory, RingWriter } from "./output-ring.ts";
import { Shower } from "./show.ts";
import { MainSignals } from "./signals.ts";
import { StackTraces } from "./stack-traces.ts";
import { keepAlive, reportUncaught } from "./uncaught.ts";

const { port1: port, port2: bridgePort } = new MessageChannel();
const { port1: inputPort, port2: bridgeInputPort } = new MessageChannel();
const { port1: placesPort, port2: bridgePlacesPort } = new MessageChannel();
const ringMemory = createRingMemory();
const signalMemory = new SharedArrayBuffer(SIGNAL_BYTES);

const workerData: BridgeData = {
  port: bridgePort,
  inputPort: bridgeInputPort,
  placesPort: bridgePlacesPort,
  ring: ringMemory,
  signals: signalMemory,
};
const bridge = new Worker(new URL("./bridge.js", import.meta.url), {
  workerData,
  transferList: [bridgePort, bridgeInputPort, bridgePlacesPort],
});
bridge.unref();

const stackTraces = new StackTraces(placesPort);
const signals = new MainSignals(signalMemory);
const interrupts = new CellInterrupts();
const context = createCellContext();
const gate = new CellGate(context, (cell) => {
  interrupts.startCell(cell);
  output.startCell(cell);
  return signals.startCell(cell);
});
const owner = (): number => context.owner();
const ring = new RingWriter(ringMemory, () =>
  port.postMessage({ type: "wake" } satisfies MainMessage),
);
const output: CellOutput = new CellOutput({
  port,
  ring,
  signals,
  owner,
  limitBytes: outputLimitBytes(process.env),
});
const shower = new Shower({
  output,
  owner,
  onFailure: (error) => reportUncaught(output, owner(), stackTraces.capture(error)),
});
const tslab = (): TslabModule =>
  tslabModule((bundle) => shower.displayBundle(bundle), { node: process.versions.node });
const asker = (question: unknown, isPassword: boolean): string =>
  ask({ output, signals, port: inputPort, owner }, question, isPassword);
const imports = new CellImports({
  notebookFolder: process.cwd(),
  fallbackFolders: process.argv.slice(2),
  standIns: { tslab: () => ({ ...tslab() }) },
});

output.install();
keepAlive(output, owner, stackTraces.capture);
protectImmediates();
imports.installHooks();
process.setSourceMapsEnabled(true);
stackTraces.install();
defineCellRuntime({
  gate: (cell: number) => gate.wait(cell),
  wait: (value: unknown) => interrupts.wait(value),
  result: (cell: number, value: unknown) => shower.result(cell, value),
  import: (specifier: string, options?: object) => imports.import(specifier, options),
  meta: imports.meta(),
  helpers: cellHelpers,
  throwing: stackTraces.throwing,
  thrown: stackTraces.capture,
});
defineGlobals({
  display: shower.displayFunction(),
  clearOutput: shower.clearFunction(),
  prompt: (question: unknown = "") => asker(question, false),
  password: (question: unknown = "") => asker(question, true),
  require: imports.requireFunction(),
});
publishKernel({
  display: (bundle, options) => shower.displayBundle(bundle, options),
  get interruptFlag() {
    return signals.takeInterruptFlag(owner());
  },
});

port.on("message", (message: Ping) => {
  port.postMessage({ type: "pong", ping: message.ping } satisfies MainMessage);
  if (message.cell !== 0) interrupts.interrupt(message.cell, signals.hasPoller(message.cell));
});
port.postMessage({
  type: "forward",
  message: { type: "ready" },
  position: ring.position,
} satisfies MainMessage);
