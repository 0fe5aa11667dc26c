// Entry of the runtime process: the bridge starts while the main thread still loads its own code.
import { startBridge } from "./bridge-worker.ts";

startBridge();
await import("./main.ts");
