// The debugger: requests of the debug adapter protocol in, answers and events out, V8's inspector behind.
import type { Header, JsonObject } from "../protocol/message.ts";
import type { CompiledScript, Session } from "../execute/session.ts";
import {
  CAPABILITIES,
  EMPTY_BODIES,
  MAIN_THREAD,
  readDebugRequest,
  WITHOUT_ATTACHING,
  type DebugEvent,
  type DebugRequest,
  type DebugResponse,
} from "./adapter-protocol.ts";
import { Breakpoints } from "./breakpoints.ts";
import { cellFiles, cellPath } from "./cell-files.ts";
import { DebugError } from "./debug-error.ts";
import { Inspection } from "./inspection.ts";
import { inspectionCommands, type Command } from "./inspection-commands.ts";
import { readArguments, type DebugArguments } from "./request-arguments.ts";
import { ScriptTable, type ScriptEvent } from "./script-table.ts";
import { Sources } from "./sources.ts";
import { Stepper, type Movement } from "./stepper.ts";
import { Stop, stopReason, type Pause } from "./stop.ts";

/** How long busy native code may keep the debugger from being attached before the client goes on without it. */
const ATTACH_LIMIT_MS = 1000;

/** Publishes an event, caused by the request with this header. */
type PublishEvent = (event: DebugEvent, parent: Header) => void;

/** What a debugger needs from the kernel. */
export interface DebugAdapterParts {
  readonly session: Session;
  /** Sends an event to everybody. */
  readonly publish: PublishEvent;
  /** Tells the type checker of declarations that no cell made. */
  readonly teach: (code: string) => void;
}

/** Debugs one session. */
export class DebugAdapter {
  readonly #session: Session;
  readonly #publish: PublishEvent;
  readonly #kernelUrl = new URL("..", import.meta.url).href;
  readonly #files = cellFiles();
  readonly #scripts: ScriptTable;
  readonly #sources: Sources;
  readonly #breakpoints: Breakpoints;
  readonly #inspection: Inspection;
  readonly #stepper: Stepper;
  readonly #commands: Readonly<Record<string, Command>>;
  #isAttached = false;
  #errorStops: "none" | "uncaught" | "all" = "none";
  #stops = 0;
  #lastSeq = 0;
  #parent: Header | undefined;
  #settingBreakpoints: Promise<unknown> = Promise.resolve();

  constructor({ session, publish, teach }: DebugAdapterParts) {
    this.#session = session;
    this.#publish = publish;
    const { inspector } = session;
    this.#scripts = new ScriptTable({
      inspector,
      files: this.#files,
      cellNamed: (name) => session.scripts.get(name),
      kernelUrl: this.#kernelUrl,
    });
    this.#sources = new Sources(this.#scripts, { files: this.#files, names: session.knownNames });
    this.#stepper = new Stepper(inspector);
    this.#inspection = new Inspection(session, teach);
    this.#breakpoints = new Breakpoints({
      inspector,
      scripts: this.#scripts,
      names: session.knownNames,
      compile: (path) => this.#sources.compile(path),
    });
    inspector.onEvent = (method, parameters) => this.#hear(method, parameters);
    inspector.onReset = () => void this.#reattach();
    this.#commands = this.#table();
  }

  /** Answers the content of a `debug_request`. */
  async handle(content: JsonObject, header: Header): Promise<DebugResponse> {
    const request = readDebugRequest(content);
    this.#parent = header;
    try {
      const body = await this.#carryOut(request);
      return this.#respond(request, { success: true, body });
    } catch (error) {
      const body = EMPTY_BODIES[request.command] ?? {};
      return this.#respond(request, { success: false, body, message: (error as Error).message });
    }
  }

  /** Called before the kernel ends: a front end must not go on to show that the program stands still. */
  close(): void {
    this.#leaveStop();
    if (this.#isAttached) this.#emit("terminated");
    this.#isAttached = false;
  }

  #table(): Readonly<Record<string, Command>> {
    const inspection = this.#inspection;
    const sources = this.#sources;
    return {
      initialize: ({ clientID }) => {
        const isLab = clientID === "jupyterlab";
        inspection.variables.typeStyle = isLab ? "jupyterlab" : "javascript";
        return CAPABILITIES;
      },
      attach: () => this.#attach(),
      configurationDone: () => ({}),
      disconnect: () => this.#detach(),
      terminate: () => this.#terminate(),
      debugInfo: () => this.#debugInfo(),
      dumpCell: ({ code }) => ({ sourcePath: sources.keep(code) }),
      source: async ({ path }) => ({ content: await sources.read(path) }),
      modules: async ({ startModule, moduleCount }) => {
        const all = await sources.files();
        const end = moduleCount ? startModule + moduleCount : undefined;
        return { modules: all.slice(startModule, end), totalModules: all.length };
      },
      loadedSources: async () => ({
        sources: (await sources.files()).map(({ name, path }) => ({ name, path })),
      }),
      threads: () => ({ threads: [MAIN_THREAD] }),
      setBreakpoints: ({ path, breakpoints }) => this.#setBreakpoints(path, breakpoints),
      setExceptionBreakpoints: ({ filters }) => this.#setErrorStops(filters),
      exceptionInfo: () => this.#exceptionInfo(),
      ...inspectionCommands(inspection),
      continue: () => this.#move("resume", { allThreadsContinued: true }),
      next: () => this.#move("stepOver"),
      stepIn: () => this.#move("stepInto"),
      stepOut: () => this.#move("stepOut"),
      pause: async () => {
        await this.#stepper.pause();
        return {};
      },
    };
  }

  #carryOut({ command, arguments: given }: DebugRequest): object | Promise<object> {
    const carryOut = this.#commands[command];
    if (!carryOut) throw new DebugError(`this debugger does not know the request "${command}"`);
    if (!this.#isAttached && !WITHOUT_ATTACHING.has(command)) {
      throw new DebugError("no debugger is attached; send initialize and attach first");
    }
    return carryOut(readArguments(given));
  }

  #respond(
    { seq, command }: DebugRequest,
    outcome: Pick<DebugResponse, "success" | "body"> & { message?: string },
  ): DebugResponse {
    return { type: "response", seq: ++this.#lastSeq, request_seq: seq, command, ...outcome };
  }

  #emit(event: string, body: object = {}): void {
    if (!this.#parent) return;
    this.#publish({ type: "event", seq: ++this.#lastSeq, event, body }, this.#parent);
  }

  async #attach(): Promise<object> {
    if (!this.#isAttached) {
      this.#isAttached = true;
      this.#session.onCell = (script) => this.#prepareCell(script);
      await soon(this.#enable());
      this.#emit("initialized");
      this.#emit("thread", { reason: "started", threadId: MAIN_THREAD.id });
    }
    return {};
  }

  async #enable(): Promise<void> {
    const { inspector } = this.#session;
    const enabled = inspector.post("Debugger.enable");
    inspector.tell("Debugger.setBlackboxPatterns", {
      patterns: ["^node:", `^${escapeRegExp(this.#kernelUrl)}`],
    });
    inspector.tell("Debugger.setPauseOnExceptions", { state: this.#errorStops });
    await enabled;
  }

  #prepareCell(script: CompiledScript): Promise<void> {
    this.#stepper.startCell();
    return this.#breakpoints.prepare(cellPath(script.source, this.#files), script);
  }

  async #detach(): Promise<object> {
    if (!this.#isAttached) return {};
    this.#isAttached = false;
    this.#session.onCell = undefined;
    this.#errorStops = "none";
    this.#breakpoints.clear();
    this.#leaveStop();
    this.#inspection.clear();
    this.#scripts.clear();
    await soon(this.#session.inspector.post("Debugger.disable"));
    this.#emit("terminated");
    return {};
  }

  /** The process of the user's code was replaced by a fresh one. */
  async #reattach(): Promise<void> {
    this.#leaveStop();
    this.#inspection.clear();
    this.#scripts.clear();
    if (!this.#isAttached) return;
    await this.#enable();
    await this.#breakpoints.restore();
  }

  #terminate(): object {
    this.#session.interrupt();
    return {};
  }

  #debugInfo(): object {
    return {
      isStarted: this.#isAttached,
      ...this.#files,
      breakpoints: this.#breakpoints.list(),
      stoppedThreads: this.#inspection.stop ? [MAIN_THREAD.id] : [],
      richRendering: true,
      exceptionPaths: [],
      copyToGlobals: true,
    };
  }

  async #setBreakpoints(path: string, breakpoints: DebugArguments["breakpoints"]): Promise<object> {
    // One after the other: two lists for one source would mix.
    const set = this.#settingBreakpoints.then(() => this.#breakpoints.replace(path, breakpoints));
    this.#settingBreakpoints = set.catch(() => undefined);
    return { breakpoints: await set };
  }

  async #setErrorStops(filters: readonly string[]): Promise<object> {
    const known = (["all", "uncaught"] as const).find((filter) => filters.includes(filter));
    this.#errorStops = known ?? "none";
    const state = this.#errorStops;
    await this.#session.inspector.post("Debugger.setPauseOnExceptions", { state });
    return { breakpoints: filters.map(() => ({ verified: true })) };
  }

  #exceptionInfo(): object {
    const { stop } = this.#inspection;
    if (!stop?.error) throw new DebugError("the program has not stopped at an error");
    const { className = "Error", description = "" } = stop.error;
    const { text = "" } = stopReason(stop.pause, undefined);
    return {
      exceptionId: className,
      description: text,
      breakMode: this.#errorStops === "all" ? "always" : "unhandled",
      details: { message: text, typeName: className, stackTrace: description },
    };
  }

  async #move(movement: Movement, body: object = {}): Promise<object> {
    const { stop } = this.#inspection;
    if (!stop) throw new DebugError("the program does not stand still");
    await this.#stepper.move(movement, stop);
    return body;
  }

  #hear(method: string, parameters: object): void {
    if (method === "Debugger.scriptParsed") this.#scripts.add(parameters as ScriptEvent);
    else if (method === "Debugger.paused") void this.#stopAt(parameters as Pause);
    else if (method === "Debugger.resumed") this.#leaveStop();
  }

  async #stopAt(pause: Pause): Promise<void> {
    const round = ++this.#stops;
    const stop = await Stop.read(pause, this.#scripts);
    if (round !== this.#stops || !this.#isAttached) return;
    if (this.#stepper.movesOn(stop)) return;
    this.#inspection.stop = stop;
    const reason = stopReason(pause, this.#stepper.arrive());
    this.#emit("stopped", { ...reason, threadId: MAIN_THREAD.id, allThreadsStopped: true });
  }

  #leaveStop(): void {
    this.#stops++;
    if (!this.#inspection.stop) return;
    this.#inspection.resume();
    this.#emit("continued", { threadId: MAIN_THREAD.id, allThreadsContinued: true });
  }
}

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

async function soon(promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ATTACH_LIMIT_MS);
  });
  try {
    await Promise.race([promise.catch(() => undefined), limit]);
  } finally {
    clearTimeout(timer);
  }
}
