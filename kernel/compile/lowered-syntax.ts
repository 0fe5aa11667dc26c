// Functions that compiled cells call where syntax had to be rewritten: `using`, `for await`, constants.
import { decorate } from "./class-decoration.ts";

type Disposer = { value: unknown; method: unknown; isAsync: boolean };

class UsingStack {
  /** The error that left the block, set by the generated catch clause. */
  e: unknown = NO_ERROR;
  readonly #stack: Disposer[] = [];

  /** Registers what `using` bound. */
  u<T>(value: T): T {
    return this.#add(value, false);
  }

  /** Registers what `await using` bound. */
  a<T>(value: T): T {
    return this.#add(value, true);
  }

  /** Disposes everything, last first; a promise when something was bound by `await using`. */
  d(): void | Promise<void> {
    if (this.#stack.some((entry) => entry.isAsync)) return this.#disposeAsync();
    for (let entry = this.#stack.pop(); entry; entry = this.#stack.pop()) this.#attempt(entry);
    this.#finish();
    return undefined;
  }

  async #disposeAsync(): Promise<void> {
    for (let entry = this.#stack.pop(); entry; entry = this.#stack.pop()) {
      try {
        await this.#attempt(entry);
      } catch (error) {
        this.#collect(error);
      }
    }
    this.#finish();
  }

  #add<T>(value: T, isAsync: boolean): T {
    if (value === null || value === undefined) {
      if (isAsync) this.#stack.push({ value: undefined, method: () => undefined, isAsync });
      return value;
    }
    const holder = value as Record<symbol, unknown>;
    const method =
      (isAsync ? holder[symbolNamed("asyncDispose")] : undefined) ?? holder[symbolNamed("dispose")];
    if (typeof method !== "function") {
      throw new TypeError(
        `using: the value must have a [Symbol.${isAsync ? "asyncDispose" : "dispose"}]() method, got one without. Use const for values that need no clean-up.`,
      );
    }
    this.#stack.push({ value, method, isAsync });
    return value;
  }

  #attempt(entry: Disposer): unknown {
    try {
      return (entry.method as () => unknown).call(entry.value);
    } catch (error) {
      this.#collect(error);
      return undefined;
    }
  }

  #collect(error: unknown): void {
    this.e = this.e === NO_ERROR ? error : suppressed(error, this.e);
  }

  #finish(): void {
    if (this.e !== NO_ERROR) throw this.e;
  }
}

const NO_ERROR = Symbol("no error");

function symbolNamed(name: "dispose" | "asyncDispose"): symbol {
  return (Symbol as unknown as Record<string, symbol>)[name] ?? Symbol.for(`Symbol.${name}`);
}

function suppressed(error: unknown, earlier: unknown): Error {
  const message = "An error was suppressed during disposal.";
  const made = new AggregateError([error, earlier], message);
  made.name = "SuppressedError";
  return Object.assign(made, { error, suppressed: earlier });
}

async function* each<T>(
  wait: (step: Promise<IteratorResult<T>> | IteratorResult<T>) => Promise<IteratorResult<T>>,
  source: AsyncIterable<T> | Iterable<T>,
): AsyncGenerator<Awaited<T>> {
  const open = (source as AsyncIterable<T>)[Symbol.asyncIterator];
  const iterator = open ? open.call(source) : (source as Iterable<T>)[Symbol.iterator]();
  let finished = false;
  try {
    for (;;) {
      const step = await wait(iterator.next());
      if (step.done) {
        finished = true;
        return;
      }
      yield await step.value;
    }
  } finally {
    if (!finished) await iterator.return?.();
  }
}

function constant(name: string): never {
  throw new TypeError(
    `Assignment to constant variable: ${name} was declared with const or import. Declare it with let to change it.`,
  );
}

/** What `__gradlab.helpers` must be in the process that runs compiled cells. */
export const cellHelpers: {
  /** Opens the disposal stack of a block with `using` declarations. */
  usingCtx(): UsingStack;
  /** Iterates for a top-level `for await`, each step through `wait`. */
  each: typeof each;
  /** Throws the error of an assignment to a constant. */
  constant(name: string): never;
  /** Defines a class with decorators or auto-accessors. */
  decorate: typeof decorate;
} = { usingCtx: () => new UsingStack(), each, constant, decorate };
