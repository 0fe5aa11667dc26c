// The runner of ranks: as many workers, each with the whole state and a share of every batch.
import type { TypedArray } from "../../dtype.ts";
import { sizeOf } from "../../shape.ts";
import {
  giveUpMeeting,
  isGivenUp,
  type MeetingMemory,
  meetingMemory,
  openMeeting,
} from "./meeting.ts";
import type { RunOutcome, SharedPlan } from "../recording/plan.ts";
import type { Runner } from "./runner.ts";
import { joinShares } from "./shares.ts";
import { workerRunner } from "./worker-runner.ts";

interface Meeting {
  readonly plan: SharedPlan;
  readonly memory: MeetingMemory;
}

/**
 * Runs plans in one worker for each rank.
 *
 * Feeds of a shared plan come rank by rank for each input. A plan that is not shared runs in every worker, so that
 * all keep the same state.
 */
export function ranksRunner(ranks: number): Runner {
  const meetings = new Map<number, Meeting>();
  const hasEnded = (): boolean => workers.some((worker) => worker.hasEnded);
  // While this thread stands still it hears of no death, and the others would wait for the dead.
  const whileWaiting = (): void => {
    if (hasEnded()) for (const { memory } of meetings.values()) giveUpMeeting(memory);
  };
  const workers = Array.from({ length: ranks }, () => workerRunner(whileWaiting));
  const [first, ...others] = workers as [Runner, ...Runner[]];
  const used = new Set<number>();
  const everywhere = async (work: (worker: Runner, rank: number) => Promise<void>): Promise<void> =>
    void (await Promise.all(workers.map(work)));
  return {
    get hasEnded() {
      return hasEnded();
    },
    add: (shapes) => everywhere((worker) => worker.add(shapes)),
    hold: (constant, numbers) => everywhere((worker) => worker.hold(constant, numbers)),
    letGo: (constant) => everywhere((worker) => worker.letGo(constant)),
    open: (program, plan, held) => {
      for (const array of [...plan.state.read, ...plan.state.written]) used.add(array);
      if (plan.kind === "whole") return everywhere((worker) => worker.open(program, plan, held));
      const sizes = plan.gradients.map(({ own }) => sizeOf(own.shape));
      const memory = meetingMemory(
        ranks,
        sizes.reduce((sum, size) => sum + size, 0),
      );
      meetings.set(program, { plan, memory });
      return everywhere((worker, rank) =>
        worker.open(program, { ...plan, seat: { memory, rank, ranks } }, held),
      );
    },
    write: (pieces) => everywhere((worker) => worker.write(pieces)),
    read: (arrays) => first.read(arrays),
    readNow: (arrays) => first.readNow(arrays),
    runsNow: () => first.runsNow(),
    run: async (program, feeds) => {
      const meeting = meetings.get(program);
      try {
        return await (meeting
          ? runShared(workers, program, feeds, meeting)
          : runAlike(workers, program, feeds));
      } catch (error) {
        await agreeAgain(first, others, [...used]);
        throw error;
      }
    },
    close: (program) => {
      meetings.delete(program);
      return everywhere((worker) => worker.close(program));
    },
    dispose: () => {
      for (const worker of workers) worker.dispose();
    },
  };
}

async function runAlike(
  workers: readonly Runner[],
  program: number,
  feeds: readonly TypedArray[],
): Promise<RunOutcome> {
  const copies = workers.map((_, rank) =>
    rank === 0 ? feeds : feeds.map((array) => array.slice()),
  );
  const runs = workers.map((worker, rank) => worker.run(program, copies[rank]!));
  const [outcome] = await allOf(runs);
  return outcome!;
}

async function runShared(
  workers: readonly Runner[],
  program: number,
  feeds: readonly TypedArray[],
  { plan, memory }: Meeting,
): Promise<RunOutcome> {
  const ranks = workers.length;
  openMeeting(memory);
  const runs = workers.map((worker, rank) =>
    worker.run(
      program,
      feeds.filter((_, index) => index % ranks === rank),
    ),
  );
  for (const run of runs) run.catch(() => giveUpMeeting(memory));
  const outcomes = await allOf(runs);
  return {
    milliseconds: Math.max(...outcomes.map(({ milliseconds }) => milliseconds)),
    feeds: feeds.map((_, index) => outcomes[index % ranks]!.feeds[Math.floor(index / ranks)]!),
    results: plan.results.map(({ cut }, index) => {
      const parts = outcomes.map(({ results }) => results[index]!);
      return joinShares(parts, cut === "same" ? cut : { blocks: cut.blocks * plan.steps });
    }),
  };
}

// Waits for all of them, and throws what was thrown first by one that did not fail because of another.
async function allOf<Result>(promises: readonly Promise<Result>[]): Promise<Result[]> {
  const reasons: unknown[] = [];
  for (const promise of promises) promise.catch((reason: unknown) => reasons.push(reason));
  const settled = await Promise.allSettled(promises);
  if (reasons.length > 0) throw reasons.find((reason) => !isGivenUp(reason)) ?? reasons[0];
  return settled.map((each) => (each as PromiseFulfilledResult<Result>).value);
}

// After a failure, ranks may have got differently far: the first one's state is everybody's.
async function agreeAgain(
  first: Runner,
  others: readonly Runner[],
  arrays: readonly number[],
): Promise<void> {
  try {
    const state = await first.read(arrays);
    const pieces = arrays.map((array, index) => ({ array, offset: 0, numbers: state[index]! }));
    await Promise.all(others.map((worker) => worker.write(pieces)));
  } catch {
    // A worker has died: every later call says so.
  }
}
