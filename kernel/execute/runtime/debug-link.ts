// A debugging client's share of the inspector: it shares the debugger with interrupts, which go first.
import type { Debugger } from "node:inspector";
import type { InspectCommand, RuntimeMessage } from "../runtime-messages.ts";
import type { DevTools, ScriptInfo } from "./devtools.ts";

/** At which errors the main thread stops. */
type ErrorStops = "none" | "uncaught" | "all";

/** Events that clients are told; the rest is of no use to them. */
const TOLD = new Set(["Debugger.scriptParsed", "Debugger.paused", "Debugger.resumed"]);

/** What the link needs from the bridge. */
export interface DebugLinkParts {
  readonly devTools: DevTools;
  readonly host: { send(message: RuntimeMessage): void };
}

/** Carries commands to the inspector and its answers and events back. */
export class DebugLink {
  readonly #parts: DebugLinkParts;
  #errorStops: ErrorStops = "none";
  #isInterrupting = false;
  /** Whether the client knows of a stop that has not ended. */
  #isStopTold = false;

  constructor(parts: DebugLinkParts) {
    this.#parts = parts;
  }

  /** Carries out a command and answers it. */
  async receive({ id, method, parameters }: InspectCommand): Promise<void> {
    const { host } = this.#parts;
    try {
      const result = (await this.#carryOut(method, parameters)) ?? {};
      host.send({ type: "inspect-reply", id, result });
    } catch (error) {
      const problem = (error as Error).message;
      host.send({ type: "inspect-reply", id, result: {}, problem });
    }
  }

  /** Takes an event of the inspector. */
  hear(method: string, parameters: object): void {
    const { devTools } = this.#parts;
    if (!TOLD.has(method) || !devTools.isUsedBy("client")) return;
    if (method === "Debugger.scriptParsed") {
      this.#tellScript(parameters as ScriptInfo);
    } else if (method === "Debugger.resumed") {
      if (this.#isStopTold) this.#tell(method, {});
      this.#isStopTold = false;
    } else if (!this.#isInterrupting) {
      if (this.#isOfInterest(parameters as Debugger.PausedEventDataType)) {
        this.#isStopTold = true;
        this.#tell(method, parameters);
      } else {
        devTools.resume();
      }
    }
  }

  /** Called around an interrupt: meanwhile no breakpoint and no error stops anything. */
  setInterrupting(isInterrupting: boolean): void {
    const { devTools } = this.#parts;
    this.#isInterrupting = isInterrupting;
    if (!devTools.isUsedBy("client")) return;
    devTools.tell("Debugger.setBreakpointsActive", { active: !isInterrupting });
    devTools.tell("Debugger.setPauseOnExceptions", {
      state: isInterrupting ? "none" : stateFor(this.#errorStops),
    });
  }

  #carryOut(method: string, parameters: object): Promise<object | void> {
    const { devTools } = this.#parts;
    switch (method) {
      case "Debugger.enable":
        return this.#attach();
      case "Debugger.disable":
        this.#errorStops = "none";
        return devTools.leave("client");
      case "Debugger.setPauseOnExceptions":
        this.#errorStops = (parameters as { state: ErrorStops }).state;
        return devTools.post(method, { state: stateFor(this.#errorStops) });
      default:
        return devTools.post(method, parameters);
    }
  }

  #attach(): Promise<void> {
    const { devTools } = this.#parts;
    // When an interrupt has switched the debugger on already, it will not tell of these again.
    for (const script of devTools.scripts) this.#tellScript(script);
    return devTools.use("client");
  }

  /** Errors that a `try` catches are not what "uncaught" means, though V8 stops at them. */
  #isOfInterest({ reason, data }: Debugger.PausedEventDataType): boolean {
    if (reason !== "exception" || this.#errorStops === "all") return true;
    return (data as { uncaught?: boolean })?.uncaught === true;
  }

  #tellScript({ scriptId, url, sourceMapURL = "" }: ScriptInfo): void {
    if (url === "" || url.startsWith("node:")) return;
    // A map inside the script may be long, and only the scripts that are looked at need theirs.
    const map = sourceMapURL.startsWith("data:") ? "data:" : sourceMapURL;
    this.#tell("Debugger.scriptParsed", { scriptId, url, sourceMapURL: map });
  }

  #tell(method: string, parameters: object): void {
    this.#parts.host.send({ type: "inspect-event", method, parameters });
  }
}

// For V8 every error of a cell is caught, by the inspector itself: "uncaught" would never stop.
function stateFor(stops: ErrorStops): ErrorStops {
  return stops === "uncaught" ? "all" : stops;
}
