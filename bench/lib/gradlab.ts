// Worker: a workload in gradlab. Parameters: workload; "compiled", "ranks: N" or the name of a backend; threads of all together.
import {
  compile,
  concat,
  CrossEntropyLoss,
  type Tensor,
  tensor,
  useBackend,
} from "../../lib/index.ts";
import { serve, type Workload } from "../workers/serve.ts";
import { cornerOf, type OperationName, Operands, OPERATIONS } from "./operations.ts";
import { BATCH_COUNT } from "./task-data.ts";
import { type Batch, makeTraining, type WorkloadName } from "./workloads.ts";

const [workload, mode, threads] = process.argv.slice(2) as [
  WorkloadName | OperationName,
  string,
  string,
];

/** How many workers run one graph; none where every op runs by itself. */
const ranks = mode === "compiled" ? 1 : numberAfter("ranks: ");

/** Steps that the compiled graph runs in one go; a multiple of the number of batches. */
const STEPS_PER_RUN = 16;
/** The same for a single operation, which takes some ten milliseconds. */
const OPERATIONS_PER_RUN = 4;

function training(name: WorkloadName): Workload {
  const { model, optimizer, batches } = makeTraining(name);
  const loss = new CrossEntropyLoss();
  const step = ({ inputs, targets }: Batch): { loss: Tensor } => {
    const value = loss.forward(model.forward(inputs), targets);
    model.accumulateGradients(loss.backward());
    optimizer.step();
    return { loss: value };
  };
  const weights = (): number[] => Array.from(model.parameters().at(-2)!.value.toTypedArray());
  let count = 0;
  const next = (): Batch => batches[count++ % BATCH_COUNT]!;
  if (ranks === undefined) {
    useBackend(mode);
    return {
      weights,
      take: (steps) => Array.from({ length: steps }, () => step(next()).loss.item()),
    };
  }
  const each = Math.max(1, Math.floor(Number(threads) / ranks));
  const options = { model, optimizer, stepsPerRun: STEPS_PER_RUN, threads: each, ranks };
  const compiled = compile(step, options);
  return {
    weights,
    stepsPerTurn: STEPS_PER_RUN,
    async take(steps) {
      const results = await compiled.run(Array.from({ length: steps }, next));
      return Array.from(results.loss);
    },
    finish: () => compiled.sync(),
    dispose: () => compiled.dispose(),
  };
}

function operation(name: OperationName): Workload {
  const operands = new Operands(name);
  const compute = (): Record<string, Tensor> => {
    const results = OPERATIONS[name].compute(operands.list.map(({ value }) => value));
    return { corner: concat(results.map(cornerOf)) };
  };
  let corner: number[] = [];
  const seen = (numbers: ArrayLike<number>): number[] => {
    corner = Array.from(numbers);
    return [corner[0]!];
  };
  const weights = (): number[] => corner;
  if (mode !== "compiled") {
    useBackend(mode);
    const takeOne = (): number[] => seen(compute()["corner"]!.toTypedArray());
    return { weights, take: (steps) => Array.from({ length: steps }, takeOne).flat() };
  }
  const compiled = compile<Record<string, Tensor>, Record<string, Tensor>>(compute, {
    model: operands,
    optimizer: [],
    stepsPerRun: OPERATIONS_PER_RUN,
    threads: Number(threads),
  });
  // A step takes a batch; this one has nothing to tell.
  const batch = { nothing: tensor([0]) };
  return {
    weights,
    stepsPerTurn: OPERATIONS_PER_RUN,
    async take(steps) {
      const { corner: all } = await compiled.run(Array.from({ length: steps }, () => batch));
      return seen(all!.subarray(0, all!.length / steps));
    },
    dispose: () => compiled.dispose(),
  };
}

function numberAfter(prefix: string): number | undefined {
  return mode.startsWith(prefix) ? Number(mode.slice(prefix.length)) : undefined;
}

await serve(() =>
  workload in OPERATIONS
    ? operation(workload as OperationName)
    : training(workload as WorkloadName),
);
