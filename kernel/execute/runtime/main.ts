// The runtime's main thread. It runs only user code and the few functions that user code calls.
import type { ImportedNames, LiveImport } from "../../compile/cell-runtime.ts";
import { cellHelpers } from "../../compile/lowered-syntax.ts";
import { tslabModule } from "../../display/tslab-module.ts";
import { outputLimitBytes } from "../output-budget.ts";
import { Asker } from "./ask.ts";
import type { CommDelivery, MainMessage, Ping, ReportDelivery } from "./bridge-messages.ts";
import { startBridge } from "./bridge-worker.ts";
import { CellCommands } from "./cell-commands.ts";
import { createCellContext } from "./cell-context.ts";
import { CellGate } from "./cell-gate.ts";
import { CellImports } from "./cell-imports.ts";
import { CellInterrupts } from "./cell-interrupts.ts";
import { CellOutput } from "./cell-output.ts";
import { CommDesk } from "./comm-desk.ts";
import { defineCellRuntime, defineGlobals, protectImmediates, publishKernel } from "./globals.ts";
import { NestedCells } from "./nested-cells.ts";
import { RingWriter } from "./output-ring.ts";
import { Shower } from "./show.ts";
import { selfTest } from "./self-test.ts";
import { MainSignals } from "./signals.ts";
import { completeStandardLibrary } from "./standard-library.ts";
import { StackTraces } from "./stack-traces.ts";
import { keepAlive, reportUncaught } from "./uncaught.ts";

const { port, inputPort, placesPort, ring: ringMemory, signals: signalMemory } = startBridge();
const stackTraces = new StackTraces(placesPort);
const signals = new MainSignals(signalMemory);
const context = createCellContext();
const interrupts = new CellInterrupts((cell) => context.resumeCell(cell));
const gate = new CellGate(context, (cell) => {
  stackTraces.takePlaces();
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
const onFailure = (error: unknown): void =>
  reportUncaught(output, owner(), stackTraces.capture(error));
const shower = new Shower({ output, owner, onFailure });
const comms = new CommDesk({ output, context, capture: stackTraces.capture, onFailure });
const nested = new NestedCells({
  enter: (cell) => context.enterNested(cell),
  mayStart: (cell) => signals.mayStart(cell),
  capture: stackTraces.capture,
  onEnd: (cell, thrown) =>
    port.postMessage({ type: "ended", cell, ...(thrown && { thrown }) } satisfies MainMessage),
  isWaiting: () => asker.isBlocked,
  ownFolder: new URL("../..", import.meta.url).href,
});
const asker = new Asker({ output, signals, port: inputPort, owner });
const imports = new CellImports({
  notebookFolder: process.cwd(),
  fallbackFolders: process.argv.slice(2),
  standIns: { tslab: () => ({ ...tslabModule((bundle) => shower.displayBundle(bundle)) }) },
  onMissing: (names) =>
    output.send({ type: "effect", cell: owner(), effect: { kind: "missing", names } }),
  onFailedReload: (specifier, error) =>
    output.writeText(true, `${specifier} was edited, but cannot be loaded: ${String(error)}\n`),
});

completeStandardLibrary();
output.install();
keepAlive(
  output,
  (thrown) => (context.isExact ? undefined : stackTraces.startedBy(thrown)) ?? owner(),
  stackTraces.capture,
);
protectImmediates();
process.setSourceMapsEnabled(true);
stackTraces.install();
defineCellRuntime({
  gate: (cell: number) => gate.wait(cell),
  wait: (value: unknown) => interrupts.wait(owner(), value),
  result: (cell: number, value: unknown) => shower.result(cell, value),
  import: (specifier: string, options?: object, names?: ImportedNames) =>
    imports.import(specifier, options, names),
  reload: (live: readonly LiveImport[]) => imports.reload(live),
  missing: imports.missing,
  bundle: (value: unknown, mayWait: boolean) => shower.bundle(value, mayWait),
  meta: imports.meta(),
  helpers: cellHelpers,
  commands: new CellCommands({ output, shower, interrupts, owner }),
  throwing: stackTraces.throwing,
  thrown: stackTraces.capture,
  owner,
  nested,
});
defineGlobals({
  display: shower.displayFunction(),
  clearOutput: shower.clearFunction(),
  prompt: (question: unknown = "") => asker.ask(question, false),
  password: (question: unknown = "") => asker.ask(question, true),
  require: imports.requireFunction(),
});
publishKernel({
  comms: comms.hub,
  capture: (sink) => comms.captures.open(sink),
  display: (bundle, options) => shower.displayBundle(bundle, options),
  get interruptFlag() {
    return signals.takeInterruptFlag(owner());
  },
});

port.on("message", (message: Ping | CommDelivery | ReportDelivery) => {
  if (message.type === "comm") return comms.deliver(message);
  if (message.type === "report") return comms.captures.receive(message);
  const pong: MainMessage = { type: "pong", ping: message.ping };
  if (message.type === "self-test") void selfTest().then(() => port.postMessage(pong));
  else port.postMessage(pong);
  for (const cell of message.cells) interrupts.interrupt(cell, signals.hasPoller(cell));
});
port.postMessage({
  type: "forward",
  message: { type: "ready" },
  position: ring.position,
} satisfies MainMessage);
