// The headline: all of MNIST from nothing to an accuracy, in wall seconds, beside PyTorch doing the same.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Dataset, loadMnist } from "../../lib/index.ts";
import {
  claim,
  type Claim,
  machineText,
  type Report,
  type Row,
  type SuiteOptions,
} from "../report.ts";
import { findTorch } from "../lib/torch-program.ts";
import { type WorkerCommand, WorkerProcess } from "../workers/worker-process.ts";
import { RECIPES, type RecipeName } from "./recipes.ts";

/** What became of a training. */
export interface Trained {
  /** Of the training alone, with its shuffling and its recording, and without reading the data. */
  readonly seconds: number;
  /** On the images that were not trained on. */
  readonly accuracy: number;
  readonly memoryMiB: number;
}

const NAMES = Object.keys(RECIPES) as RecipeName[];
const THREADS = availableParallelism();

/** Trains every recipe once with each system. */
export async function runMnistSuite({ log, only = NAMES }: SuiteOptions): Promise<Report> {
  const torch = findTorch();
  const missing = "reason" in torch ? [{ peer: "PyTorch", reason: torch.reason }] : [];
  const machine = machineText();
  const folder = await mkdtemp(join(tmpdir(), "gradlab-mnist-"));
  const rows: Row[] = [];
  const claims: Claim[] = [];
  try {
    await writeDigits(folder);
    for (const name of NAMES.filter((each) => only.includes(each))) {
      const ours = await trained("gradlab", nodeCommand(name), log);
      const commands =
        "reason" in torch ? [] : [torch.command(script(), asked(name, folder), THREADS)];
      const theirs = await Promise.all(commands.map((command) => trained("PyTorch", command, log)));
      rows.push(
        rowOf(name, "gradlab", ours, ours),
        ...theirs.map((one) => rowOf(name, "PyTorch", one, ours)),
      );
      const { title, target } = RECIPES[name];
      claims.push(claim(`${title}: accuracy`, ours.accuracy, { atLeast: target, unit: "" }));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { suite: "mnist", machine, rows, missing, claims };
}

async function trained(
  peer: string,
  command: WorkerCommand,
  log: (text: string) => void,
): Promise<Trained> {
  const worker = new WorkerProcess(peer, command);
  try {
    const result = await worker.ask<Trained>({ train: true });
    log(`${peer}: ${(100 * result.accuracy).toFixed(2)} % in ${result.seconds.toFixed(1)} s`);
    return result;
  } finally {
    worker.stop();
  }
}

function rowOf(
  name: RecipeName,
  peer: string,
  { seconds, accuracy, memoryMiB }: Trained,
  ours: Trained,
): Row {
  const ratio = seconds / ours.seconds;
  return {
    workload: RECIPES[name].title,
    variant: `${THREADS} threads, ${(100 * accuracy).toFixed(2)} % right`,
    peer,
    median: seconds,
    unit: "s",
    ratio,
    ratioRange: [ratio, ratio],
    memoryMiB,
    runs: 1,
  };
}

// One process after the other, so that none shares the cores.
const nodeCommand = (name: RecipeName): WorkerCommand => ({
  program: process.execPath,
  parameters: [fileURLToPath(new URL("gradlab.js", import.meta.url)), name],
});

// tsc copies no Python: the script lies in the source folder.
const script = (): string =>
  fileURLToPath(new URL("../../../bench/mnist/torch_mnist.py", import.meta.url));

function asked(name: RecipeName, folder: string): string {
  const { epochs, batchSize, learningRate, shape } = RECIPES[name];
  return JSON.stringify({ name, folder, epochs, batchSize, learningRate, shape });
}

// Pixels and labels as bytes: every program can read that.
async function writeDigits(folder: string): Promise<void> {
  const { train, test } = await loadMnist();
  const write = async (part: string, { inputs, targets }: Dataset): Promise<void> => {
    const pixels = Uint8Array.from(inputs.toTypedArray(), (value) => Math.round(value * 255));
    await writeFile(join(folder, `${part}-images`), pixels);
    await writeFile(join(folder, `${part}-labels`), Uint8Array.from(targets.toTypedArray()));
  };
  await write("train", train);
  await write("test", test);
}
