// The bridge's line to V8's inspector of the main thread, with promises and known script addresses.
import { Session, type Debugger, type InspectorNotification, type Runtime } from "node:inspector";

/** Sends inspector commands to the main thread. */
export class DevTools {
  readonly #session = new Session();
  readonly #scripts = new Map<string, string>();
  #pause: Promise<string[]> | undefined;
  #onPause: (urls: string[]) => void = () => undefined;

  constructor() {
    this.#session.connectToMainThread();
    this.#session.on(
      "Debugger.scriptParsed",
      (event: InspectorNotification<Debugger.ScriptParsedEventDataType>) => {
        this.#scripts.set(event.params.scriptId, event.params.url);
      },
    );
    this.#session.on(
      "Debugger.paused",
      (event: InspectorNotification<Debugger.PausedEventDataType>) => {
        this.#receivePause(event.params);
      },
    );
  }

  /** Sends one command; rejects when the inspector refuses it. */
  post<Result>(method: string, parameters: object = {}): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#session.post(method, parameters, (error: Error | null, result?: object) => {
        if (error) reject(error);
        else resolve(result as Result);
      });
    });
  }

  /** Sends a command whose answer nobody waits for. */
  tell(method: string, parameters: object = {}): void {
    this.post(method, parameters).catch(() => undefined);
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

  /** The addresses of the scripts on the stack, the next time the main thread stops. */
  nextPause(): Promise<string[]> {
    this.#pause ??= new Promise((resolve) => {
      this.#onPause = resolve;
    });
    return this.#pause;
  }

  #receivePause({ callFrames }: Debugger.PausedEventDataType): void {
    this.#pause = undefined;
    this.#onPause(
      callFrames.map((frame) => this.#scripts.get(frame.location.scriptId) ?? frame.url),
    );
  }
}
