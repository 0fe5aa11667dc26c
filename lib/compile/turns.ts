// Turns: asynchronous work that is done one after the other, in the order in which it was asked for.

/** A queue of work. What waits behind work that fails is not done, and fails with it. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Does the work after all that was added before. */
  add<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#append(this.#last.then(work));
  }

  /** The same, whatever becomes of the work before. */
  addAnyway<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#append(this.#last.then(work, work));
  }

  #append<Result>(promise: Promise<Result>): Promise<Result> {
    this.#last = promise;
    promise.catch(() => {
      // Nobody waits any more: a new attempt may be made.
      if (this.#last === promise) this.#last = Promise.resolve();
    });
    return promise;
  }
}
