// The bridge's worker, seen from the main thread: started once, with the ways and the memory that both share.
import { MessageChannel, Worker, type MessagePort } from "node:worker_threads";
import { SIGNAL_BYTES, type BridgeData } from "./bridge-messages.ts";
import { createRingMemory } from "./output-ring.ts";

/** The main thread's ends. */
export interface BridgeEnds {
  /** For messages to the bridge, and its pings. */
  readonly port: MessagePort;
  /** Where answers for `prompt` arrive. */
  readonly inputPort: MessagePort;
  /** Where the places of a cell arrive before it starts. */
  readonly placesPort: MessagePort;
  readonly ring: SharedArrayBuffer;
  /** Words of `SIGNALS`. */
  readonly signals: SharedArrayBuffer;
}

let ends: BridgeEnds | undefined;

/** Starts the bridge, the first time, and returns the main thread's ends. */
export function startBridge(): BridgeEnds {
  return (ends ??= start());
}

function start(): BridgeEnds {
  const [own, input, places] = [new MessageChannel(), new MessageChannel(), new MessageChannel()];
  const shared = {
    ring: createRingMemory(),
    signals: new SharedArrayBuffer(SIGNAL_BYTES),
  };
  const workerData: BridgeData = {
    port: own.port2,
    inputPort: input.port2,
    placesPort: places.port2,
    ...shared,
  };
  const bridge = new Worker(new URL("./bridge.js", import.meta.url), {
    workerData,
    transferList: [own.port2, input.port2, places.port2],
  });
  bridge.unref();
  return { port: own.port1, inputPort: input.port1, placesPort: places.port1, ...shared };
}
