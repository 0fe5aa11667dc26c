// Stacks in the process that runs cells: `error.stack` names TypeScript lines, whoever reads it.
import { receiveMessageOnPort, type MessagePort } from "node:worker_threads";
import { CellPositions } from "../../compile/positions.ts";
import { mapFrames } from "../../compile/stack-frames.ts";
import { captureThrown, isErrorLike, type ThrownValue } from "../../compile/thrown-value.ts";
import type { CellPlaces } from "./bridge-messages.ts";

/** Enough for the frames of a library between an error and the learner's own line. */
const MOST_FRAMES = 50;

type MakeStack = (this: void, error: Error, callSites: NodeJS.CallSite[]) => unknown;

/** Makes stacks that name the lines of cells as they were written. */
export class StackTraces {
  readonly #port: MessagePort;
  readonly #cells = new Map<string, { cell: number; positions: CellPositions }>();
  /** Errors whose stack was made here, not by a function that the user put in place. */
  readonly #mapped = new WeakSet<object>();
  #lastThrow: { readonly value: unknown; readonly stack: string } | undefined;

  /** @param port - where the bridge puts the places of a cell before it starts it */
  constructor(port: MessagePort) {
    this.#port = port;
  }

  /** Takes over the making of stacks; code that sets `Error.prepareStackTrace` itself still has its way. */
  install(): void {
    const { prepareStackTrace: prepare } = Error as { prepareStackTrace?: MakeStack };
    Error.stackTraceLimit = MOST_FRAMES;
    if (!prepare) return; // a Node without a default of its own: stacks keep JavaScript lines
    Error.prepareStackTrace = (error, callSites) => {
      const stack = String(prepare(error, callSites));
      this.#mapped.add(error);
      return mapFrames(stack, callSites.length, (script) => this.#positionsOf(script));
    };
  }

  /** Notes where a cell throws a value that has no stack, and returns the value. */
  readonly throwing = <Value>(value: Value): Value => {
    if (isErrorLike(value)) return value;
    const holder = { stack: "" };
    Error.captureStackTrace(holder, this.throwing);
    this.#lastThrow = { value, stack: holder.stack };
    return value;
  };

  /** Describes a thrown value as data, with the place of its `throw` when it has no stack. */
  readonly capture = (value: unknown): ThrownValue => {
    const thrown = captureThrown(value, (error) => this.#mapped.has(error));
    const last = this.#lastThrow;
    this.#lastThrow = undefined;
    if (thrown.isError || !last || !Object.is(last.value, value)) return thrown;
    return { ...thrown, stack: last.stack, isMapped: true };
  };

  /** The cell that has started the code of a stack: the outermost cell on it; undefined when there is none. */
  readonly startedBy = ({ stack }: ThrownValue): number | undefined => {
    this.takePlaces();
    const scripts = [...stack.matchAll(/([^\s()]+):\d+:\d+\)?$/gm)].map(
      ([, script = ""]) => script,
    );
    const outermost = scripts.findLast((script) => this.#cells.has(script));
    return outermost === undefined ? undefined : this.#cells.get(outermost)?.cell;
  };

  /** Takes in the places of cells that have come; left where they are, they would pile up. */
  takePlaces(): void {
    for (;;) {
      const next = receiveMessageOnPort(this.#port);
      if (!next) return;
      const { cell, name, places, forgotten } = next.message as CellPlaces;
      for (const script of forgotten) this.#cells.delete(script);
      this.#cells.set(name, { cell, positions: new CellPositions(places) });
    }
  }

  #positionsOf(script: string): CellPositions | undefined {
    this.takePlaces();
    return this.#cells.get(script)?.positions;
  }
}
