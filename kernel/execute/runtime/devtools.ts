// The bridge's line to V8's inspector of the main thread, with promises and known script addresses.
import { Session, type Debugger, type InspectorNotification, type Runtime } from "node:inspector";

/** Who needs the inspector's debugger: interrupts for a moment, a debugging client for as long as it is attached. */
export type DebuggerUser = "interrupter" | "client";

/** What is known about a script of the main thread. */
export type ScriptInfo = Debugger.ScriptParsedEventDataType;

/** Commands that run code in the main thread, right where it is. */
const RUNS_CODE: ReadonlySet<string> = new Set([
  "Runtime.evaluate",
  "Runtime.callFunctionOn",
  "Debugger.evaluateOnCallFrame",
]);

/** Receives events of the inspector. */
export type EventListener = (method: string, parameters: object) => void;

/** Sends inspector commands to the main thread. */
export class DevTools {
  readonly #session = new Session();
  readonly #scripts = new Map<string, ScriptInfo>();
  readonly #users = new Set<DebuggerUser>();
  readonly #onEvent: EventListener;
  /** The scripts on the stack while the main thread is stopped. */
  #stack: string[] | undefined;
  #pause: Promise<string[]> | undefined;
  #onPause: (urls: string[]) => void = () => undefined;
  /** Resolves when the main thread is stopped no more. */
  #stopping: Promise<void> | undefined;

  /** @param onEvent - called with each event of the inspector */
  constructor(onEvent: EventListener) {
    this.#onEvent = onEvent;
    this.#session.connectToMainThread();
    this.#session.on("inspectorNotification", ({ method, params }: InspectorNotification<object>) =>
      this.#receive(method, params),
    );
  }

  /** The scripts that the debugger has told of since it was taken into use. */
  get scripts(): Iterable<ScriptInfo> {
    return this.#scripts.values();
  }

  /** Whether somebody needs the debugger. */
  isUsedBy(user: DebuggerUser): boolean {
    return this.#users.has(user);
  }

  /** Sends one command; rejects when the inspector refuses it. */
  async post<Result>(method: string, parameters: object = {}): Promise<Result> {
    while (this.#stopping && RUNS_CODE.has(method)) await this.#stopping.catch(() => undefined);
    return this.#send(method, parameters);
  }

  /**
   * Stops the main thread with `stop`, and keeps everybody's commands that run code waiting meanwhile.
   *
   * A pause that is asked for would stop the main thread in the middle of that code; and code that runs between the end
   * of other code and the moment in which that end takes effect is ended in its place.
   */
  async stopWith(stop: () => Promise<void>): Promise<void> {
    this.#stopping = stop();
    try {
      await this.#stopping;
    } finally {
      this.#stopping = undefined;
    }
  }

  /** Evaluates where the main thread stands still, for who has stopped it; undefined when that fails. */
  async evaluateHere(expression: string): Promise<unknown> {
    const command = { expression, returnByValue: true };
    const reply = await this.#send<Runtime.EvaluateReturnType>("Runtime.evaluate", command).catch(
      () => undefined,
    );
    return reply?.result.value;
  }

  /** Sends a command whose answer nobody waits for. */
  tell(method: string, parameters: object = {}): void {
    this.post(method, parameters).catch(() => undefined);
  }

  /** Takes the debugger into use: the first user switches it on. */
  async use(user: DebuggerUser): Promise<void> {
    this.#users.add(user);
    if (this.#users.size === 1) await this.post("Debugger.enable");
  }

  /** Gives the debugger up: without users it is switched off, and lets everything run on. */
  async leave(user: DebuggerUser): Promise<void> {
    if (!this.#users.delete(user) || this.#users.size > 0) return;
    this.#scripts.clear();
    this.#stack = undefined;
    await this.post("Debugger.disable");
  }

  /** Runs a cell to its end. */
  evaluate(expression: string, objectGroup: string): Promise<Runtime.EvaluateReturnType> {
    return this.post("Runtime.evaluate", {
      expression,
      objectGroup,
      replMode: true,
      awaitPromise: true,
    });
  }

  /** The addresses of the scripts on the stack where the main thread stands still, now or the next time. */
  nextPause(): Promise<string[]> {
    if (this.#stack) return Promise.resolve(this.#stack);
    this.#pause ??= new Promise((resolve) => {
      this.#onPause = resolve;
    });
    return this.#pause;
  }

  /** Lets the main thread run on from where it stopped. */
  resume(): void {
    this.#stack = undefined;
    this.tell("Debugger.resume");
  }

  #send<Result>(method: string, parameters: object): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#session.post(method, parameters, (error: Error | null, result?: object) => {
        if (error) reject(error);
        else resolve(result as Result);
      });
    });
  }

  #receive(method: string, parameters: object): void {
    if (method === "Debugger.scriptParsed") {
      const script = parameters as ScriptInfo;
      this.#scripts.set(script.scriptId, script);
    } else if (method === "Debugger.paused") {
      this.#receivePause(parameters as Debugger.PausedEventDataType);
    } else if (method === "Debugger.resumed") {
      this.#stack = undefined;
    }
    this.#onEvent(method, parameters);
  }

  #receivePause({ callFrames }: Debugger.PausedEventDataType): void {
    this.#pause = undefined;
    this.#stack = callFrames.map(
      (frame) => this.#scripts.get(frame.location.scriptId)?.url ?? frame.url,
    );
    this.#onPause(this.#stack);
  }
}
