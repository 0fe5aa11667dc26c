// The worker behind a compiled step: the same numbers, a free event loop, death with a reason, and no thread left.
import { execFile } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { workerRunner } from "../../../../lib/compile/runners/worker-runner.ts";
import * as lib from "../../../../lib/index.ts";
import { hashClasses, hashUniform } from "../../../support/hash.ts";

let workers: Worker[] = [];
const collect = (worker: Worker): unknown => workers.push(worker);
beforeEach(() => {
  workers = [];
  process.on("worker", collect);
});
afterEach(() => {
  process.off("worker", collect);
});

interface Batch {
  readonly inputs: lib.Tensor;
  readonly targets: lib.Tensor;
  readonly [name: string]: lib.Tensor;
}

const batches = (count: number, size = 8): Batch[] =>
  Array.from({ length: count }, (_, index) => ({
    inputs: lib.cast(hashUniform([size, 6], index), "float32"),
    targets: hashClasses(size, index, 3),
  }));

function training(options: { worker?: boolean; stepsPerRun?: number } = {}) {
  const random = new lib.Generator(5);
  const model = new lib.Sequential(
    new lib.Linear({ inFeatures: 6, outFeatures: 16, random }),
    new lib.Dropout({ rate: 0.3, random }),
    new lib.Linear({ inFeatures: 16, outFeatures: 3, random }),
  );
  const optimizer = new lib.Adam(model.parameters(), { learningRate: 0.01 });
  const loss = new lib.CrossEntropyLoss();
  const step = ({ inputs, targets }: Batch): { loss: lib.Tensor } => {
    const value = loss.forward(model.forward(inputs), targets);
    model.backward(loss.backward());
    optimizer.step();
    return { loss: value };
  };
  const compiled = lib.compile(step, { model, optimizer, stepsPerRun: 4, ...options });
  const weights = (): number[][] =>
    model.parameters().map(({ value }) => Array.from(value.toTypedArray()));
  return { model, optimizer, compiled, weights };
}

const rejection = async (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => expect.unreachable("should have been refused"),
    (error: unknown) => error as Error,
  );

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2));

// Collects until something has happened, or a limit is reached. What a turn has looked at, it also holds.
async function garbageCollected(hasHappened: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!hasHappened() && performance.now() < end) {
    await turn();
    collectGarbage();
    await turn();
  }
}

// A program of its own, which trains and then does what `ending` says. @returns what it printed
async function printedBy(ending: string): Promise<string> {
  const url = new URL("../../../../dist/lib/index.js", import.meta.url).href;
  const program = `
    import { CrossEntropyLoss, Generator, Linear, SGD, compile, ones, zeros } from ${JSON.stringify(url)};
    const model = new Linear({ inFeatures: 400, outFeatures: 300, random: new Generator(1) });
    const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
    const loss = new CrossEntropyLoss();
    const compiled = compile(({ inputs, targets }) => {
      const value = loss.forward(model.forward(inputs), targets);
      model.backward(loss.backward());
      optimizer.step();
      return { loss: value };
    }, { model, optimizer });
    const batch = { inputs: ones([64, 400]), targets: zeros([64], { dtype: "int32" }) };
    const batches = Array.from({ length: 40 }, () => batch);
    const results = await compiled.run(batches);
    console.log(results.loss.length);
    ${ending}`;
  const node = promisify(execFile);
  const { stdout } = await node(process.execPath, ["--input-type=module", "-e", program]);
  return stdout.trim();
}

describe("a worker", () => {
  test("gives the numbers of the same step in this thread, bit by bit", async () => {
    const list = [...batches(9), ...batches(1, 5)];
    const [own, here] = [training(), training({ worker: false })];
    const results = [await own.compiled.run(list), await here.compiled.run(list)];
    expect(results[0]).toEqual(results[1]);
    for (const { compiled } of [own, here]) await compiled.sync();
    expect(own.weights()).toEqual(here.weights());
    expect(workers).toHaveLength(1);
    for (const { compiled } of [own, here]) compiled.dispose();
  });

  test("draws chance in the order of the calls, though nobody waits for the one before", async () => {
    const list = batches(12);
    const [waiting, hasty] = [training(), training()];
    const expected = [];
    for (const part of [list.slice(0, 6), list.slice(6)]) {
      expected.push(...(await waiting.compiled.run(part)).loss);
    }
    const parts = await Promise.all([
      hasty.compiled.run(list.slice(0, 6)),
      hasty.compiled.run(list.slice(6)),
    ]);
    expect(parts.flatMap(({ loss }) => [...loss])).toEqual(expected);
    for (const { compiled } of [waiting, hasty]) compiled.dispose();
  });

  test("leaves the event loop free while a graph runs", async () => {
    const random = new lib.Generator(1);
    const model = new lib.Linear({ inFeatures: 1024, outFeatures: 1024, random });
    const optimizer = new lib.SGD(model.parameters(), { learningRate: 1e-9 });
    const compiled = lib.compile(
      ({ inputs }: { inputs: lib.Tensor }) => {
        model.accumulateGradients(model.forward(inputs));
        optimizer.step();
        return { sum: lib.sum(inputs) };
      },
      { model, optimizer, stepsPerRun: 16 },
    );
    const list = Array.from({ length: 16 }, () => ({ inputs: lib.ones([256, 1024]) }));
    await compiled.run(list);
    let turns = 0;
    let isRunning = true;
    const count = (): void => {
      turns++;
      if (isRunning) setImmediate(count);
    };
    const running = compiled.run(list);
    setImmediate(count);
    await running;
    isRunning = false;
    compiled.dispose();
    // In this thread there are two: before the run, and after it.
    expect(turns).toBeGreaterThan(20);
  });

  test("ends with dispose, and what comes later is refused with the way out", async () => {
    const { compiled } = training();
    await compiled.run(batches(4));
    const [worker] = workers as [Worker];
    const exit = once(worker, "exit");
    compiled.dispose();
    await exit;
    const error = await rejection(compiled.run(batches(4)));
    expect(error).toBeInstanceOf(lib.StateError);
    expect(error.message).toContain("Compile the step again");
  });

  test("that dies fails the runs that wait for it, and the model keeps what was last synced", async () => {
    const { compiled, weights } = training();
    await compiled.run(batches(8));
    await compiled.sync();
    const synced = weights();
    const running = rejection(compiled.run(batches(400)));
    // Nothing that a caller sends, so that the worker fails outside of any question.
    workers[0]!.postMessage(null);
    const error = await running;
    expect(error).toBeInstanceOf(lib.WorkerError);
    expect(error).toMatchObject({ code: "GRADLAB_WORKER" });
    expect(error.message).toMatch(
      /must live until dispose, but it ended: .*keeps what was last read or synced.*Compile/,
    );
    expect(await rejection(compiled.run(batches(1)))).toBeInstanceOf(lib.WorkerError);
    expect(await rejection(compiled.sync())).toBeInstanceOf(lib.WorkerError);
    expect(weights()).toEqual(synced);
  });

  test("lets go of the step and its model when it has ended", async () => {
    const step = await (async () => {
      const { compiled } = training();
      await compiled.run(batches(4));
      compiled.dispose();
      return new WeakRef(compiled);
    })();
    await once(workers[0]!, "exit");
    await garbageCollected(() => step.deref() === undefined);
    expect(step.deref()).toBeUndefined();
  });

  test("ends by itself when nobody holds the step any more", async () => {
    await (async () => void (await training().compiled.run(batches(4))))();
    let hasEnded = false;
    workers[0]!.once("exit", () => (hasEnded = true));
    await garbageCollected(() => hasEnded);
    expect(hasEnded).toBe(true);
  });

  test("that nobody disposes of does not keep the process alive", async () => {
    expect(await printedBy("")).toBe("40");
  });

  test("does not tear the process down when that ends, or the step, in the middle of a run", async () => {
    const begin = "compiled.run(batches).catch(() => {}); await new Promise(setImmediate);";
    expect(await printedBy(`${begin} process.exit(0);`)).toBe("40");
    expect(await printedBy(`${begin} compiled.dispose();`)).toBe("40");
  });
});

test("many steps that nobody disposes of are told once, with the way out", () => {
  const told: string[] = [];
  const spy = vi.spyOn(console, "warn").mockImplementation((text: string) => void told.push(text));
  const runners = Array.from({ length: 10 }, () => workerRunner());
  for (const runner of runners) runner.dispose();
  spy.mockRestore();
  expect(told).toEqual([expect.stringMatching(/there are \d+ threads.*Call dispose\(\)/)]);
});
