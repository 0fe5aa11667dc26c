// Worker: a workload in gradlab. Parameters: workload, "compiled" or the name of a backend, threads.
import { compile, CrossEntropyLoss, type Tensor, useBackend } from "../../lib/index.ts";
import { serve, type Workload } from "../workers/serve.ts";
import { BATCH_COUNT } from "./task-data.ts";
import { type Batch, makeTraining, type WorkloadName } from "./workloads.ts";

const [workload, mode, threads] = process.argv.slice(2) as [WorkloadName, string, string];

/** Steps that the compiled graph runs in one go; a multiple of the number of batches. */
const STEPS_PER_RUN = 16;

function make(): Workload {
  const { model, optimizer, batches } = makeTraining(workload);
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
  if (mode !== "compiled") {
    useBackend(mode);
    return {
      weights,
      take: (steps) => Array.from({ length: steps }, () => step(next()).loss.item()),
    };
  }
  const options = { model, optimizer, stepsPerRun: STEPS_PER_RUN, threads: Number(threads) };
  const compiled = compile(step, options);
  return {
    weights,
    stepsPerTurn: STEPS_PER_RUN,
    async take(steps) {
      const results = await compiled.run(Array.from({ length: steps }, next));
      return Array.from(results.loss);
    },
    finish: () => compiled.sync(),
  };
}

await serve(make);
