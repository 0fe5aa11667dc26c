// Which interrupt is meant for what, when one comes while another is still under way.
import { expect, test } from "vitest";
import type { DevTools } from "../../../../kernel/execute/runtime/devtools.ts";
import { Interrupter } from "../../../../kernel/execute/runtime/interrupter.ts";
import type { InterruptibleCell } from "../../../../kernel/execute/runtime/running-cells.ts";

const never = new Promise<never>(() => undefined);

/** A main thread that never answers, and an inspector that does nothing: only pings are noted. */
function interrupterOf(onPing: (cells: readonly number[]) => Promise<void>): Interrupter {
  const nothing = (): void => undefined;
  const devTools = {
    use: () => Promise.resolve(),
    leave: () => Promise.resolve(),
    isUsedBy: () => false,
    tell: nothing,
    resume: nothing,
    nextPause: () => never,
    stopWith: (stop: () => Promise<void>) => stop(),
  } as unknown as DevTools;
  return new Interrupter({
    devTools,
    ping: onPing,
    selfTest: () => never,
    isBusy: () => true,
    hasStarted: () => true,
    hasPoller: () => false,
    setFlag: nothing,
    setInterrupting: nothing,
    cancelInput: nothing,
    notify: nothing,
  });
}

function cellOf(ids: readonly number[]): InterruptibleCell & { end: () => void } {
  let end = (): void => undefined;
  let hasEnded = false;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return {
    ids,
    startedAt: Infinity,
    ended,
    isOver: () => hasEnded,
    isAbandoned: () => false,
    abandon: () => undefined,
    end: () => {
      hasEnded = true;
      end();
    },
  };
}

test("an interrupt of a cell that began while something else was being stopped comes next", async () => {
  let isReached = (): void => undefined;
  const reached = new Promise<void>((resolve) => {
    isReached = resolve;
  });
  const pinged: (readonly number[])[] = [];
  const cell = cellOf([7]);
  const interrupter = interrupterOf((cells) => {
    pinged.push(cells);
    if (!cells.includes(7)) return never;
    isReached();
    cell.end();
    return Promise.resolve();
  });
  const background = cellOf([]);
  const first = interrupter.interrupt(background);
  void interrupter.interrupt(cell);
  expect(pinged).toEqual([[]]);
  background.end();
  await first;
  await reached;
  expect(pinged.at(-1)).toEqual([7]);
});

test("another interrupt of the same cell is no new one", async () => {
  const pinged: (readonly number[])[] = [];
  const cell = cellOf([7]);
  const interrupter = interrupterOf((cells) => {
    pinged.push(cells);
    return cells.includes(7) ? Promise.resolve() : never;
  });
  const first = interrupter.interrupt(cell);
  await interrupter.interrupt(cellOf([7, 8]));
  cell.end();
  await first;
  expect(pinged.filter((cells) => cells.includes(8))).toEqual([]);
  expect(interrupter.isAtWork).toBe(false);
});
