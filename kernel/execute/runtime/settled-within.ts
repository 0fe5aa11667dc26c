// Waiting for something, but not for ever.

/** Resolves after a time. */
export function timeout(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, undefined));
}

/** Whether one of the promises is fulfilled in time. */
export async function settledWithin(
  milliseconds: number,
  promises: readonly Promise<unknown>[],
): Promise<boolean> {
  const settled = promises.map((promise) => promise.then(() => true));
  return (await Promise.race([...settled, timeout(milliseconds)])) === true;
}
