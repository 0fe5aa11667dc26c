// Runs compiled cells for real in this process, through the inspector, as the kernel's runtime does.
import { createRequire } from "node:module";
import { Session } from "node:inspector";
import type { Runtime } from "node:inspector";
import { compileCell } from "../../kernel/compile/compile-cell.ts";
import type { CellRuntime } from "../../kernel/compile/cell-runtime.ts";
import type { CompiledCell } from "../../kernel/compile/compile-cell.ts";
import type { DeclaredName } from "../../kernel/compile/globals.ts";
import { cellHelpers } from "../../kernel/compile/lowered-syntax.ts";

export interface CellRun {
  compiled: CompiledCell;
  /** Set when the cell handed over a result. */
  result?: { value: unknown };
  /** What the cell threw. */
  thrown?: unknown;
  waited: number;
  imported: unknown[][];
}

/** A session of cells; names live on between cells, and between sessions of one test file. */
export class CellSession {
  readonly #inspector = new Session();
  readonly #known = new Map<string, DeclaredName>();
  #count = 0;
  #run: CellRun | undefined;

  constructor() {
    this.#inspector.connect();
    Object.assign(globalThis, { __gradlab: this.#runtime() });
  }

  async run(source: string, name = `cell-${this.#count + 1}.ts`): Promise<CellRun> {
    const number = ++this.#count;
    const compiled = compileCell(source, { number, name, known: this.#known });
    if (!compiled.ok) throw new SyntaxError(compiled.traceback.join("\n"));
    for (const one of compiled.declared) this.#known.set(one.name, one);
    const run: CellRun = { compiled, waited: 0, imported: [] };
    this.#run = run;
    const thrown = await this.#evaluate(compiled.javascript);
    if (thrown) run.thrown = thrown.value;
    return run;
  }

  /** The value that a cell shows; throws what the cell threw. */
  async value(source: string): Promise<unknown> {
    const { result, ...run } = await this.run(source);
    if ("thrown" in run) throw run.thrown;
    return result?.value;
  }

  close(): void {
    this.#inspector.disconnect();
  }

  #runtime(): CellRuntime & { keep(value: unknown): void } {
    const require = createRequire(import.meta.url);
    return {
      gate: () => Promise.resolve(),
      wait: async <T>(awaited: T): Promise<Awaited<T>> => {
        this.#run!.waited++;
        return await awaited;
      },
      result: (_number: number, value: unknown) => (this.#run!.result = { value }),
      import: async (...call: unknown[]) => {
        this.#run!.imported.push(call);
        const loaded = require(String(call[0])) as Record<string, unknown>;
        return { ...loaded, default: loaded };
      },
      meta: { url: "file:///notebook.ipynb" },
      throwing: (value) => value,
      helpers: cellHelpers,
      reload: () => Promise.resolve(),
      missing: {},
      commands: { load: () => Promise.resolve(), run: () => undefined, help: () => {}, marks: {} },
      keep: (value: unknown) => (kept = value),
    };
  }

  async #evaluate(javascript: string): Promise<{ value: unknown } | undefined> {
    const parameters = { expression: javascript, replMode: true, awaitPromise: true };
    const answer = await new Promise<Runtime.EvaluateReturnType>((resolve, reject) => {
      this.#inspector.post("Runtime.evaluate", parameters, (error, result) =>
        error ? reject(error) : resolve(result as Runtime.EvaluateReturnType),
      );
    });
    const remote = answer.exceptionDetails?.exception;
    if (!answer.exceptionDetails) return undefined;
    if (!remote?.objectId) return { value: remote?.value };
    await this.#keep(remote.objectId);
    return { value: kept };
  }

  #keep(objectId: string): Promise<void> {
    const functionDeclaration = "function () { __gradlab.keep(this) }";
    return new Promise((resolve) => {
      this.#inspector.post("Runtime.callFunctionOn", { objectId, functionDeclaration }, () =>
        resolve(),
      );
    });
  }
}

let kept: unknown;
