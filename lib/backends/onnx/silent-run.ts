// Runs without an answer: outputs are written where they are wanted, and not copied once more.
import { Graph, type GraphValue } from "./graph.ts";
import { modelFile } from "./model-file.ts";
import type { OnnxRuntime, RuntimeSession, RuntimeTensor } from "./runtime.ts";

/**
 * The binding writes outputs into the arrays that it is given, and then copies each of them into a new array for its
 * answer, in the order of the model: a million numbers take 840 us with the copy and 124 us without, and the copies are
 * garbage at once. It gives up at an output whose type JavaScript lacks. Where such a one stands first, all outputs are
 * written and none is copied.
 */
const STOP = "stop";
const STOPPED = "Tensor type (16) is not supported.";
/** From so many numbers on, the copies take longer than to give up, which takes 7 us. */
const MANY = 20_000;

/** Tensors by name. */
type NamedTensors = Readonly<Record<string, RuntimeTensor>>;

/**
 * What a graph gives before everything else, to be run silently: by name, values of any shape. Nothing where all that
 * it gives are few numbers, or where the binding does not work like that.
 *
 * @param size - of all outputs together, in elements
 */
export function silencers(
  graph: Graph,
  runtime: OnnxRuntime,
  size: number,
): readonly (readonly [name: string, value: GraphValue])[] {
  return size >= MANY && canRunSilently(runtime) ? [stopOf(graph)] : [];
}

/** Runs a model, with silencers or without, for what it writes into `outputs`. */
export function runSilently(
  session: RuntimeSession,
  inputs: NamedTensors,
  outputs: NamedTensors,
): void {
  try {
    session.run(inputs, { [STOP]: null, ...outputs }, {});
  } catch (error) {
    if ((error as Error).message !== STOPPED) throw error;
  }
}

function stopOf(graph: Graph): readonly [name: string, value: GraphValue] {
  return [STOP, graph.constant(new Uint8Array(2), { shape: [1], dtype: "bfloat16" })];
}

let found: boolean | undefined;

// Tried out, once: nobody promises that the binding stays like that.
function canRunSilently(runtime: OnnxRuntime): boolean {
  return (found ??= isWritten(runtime));
}

function isWritten(runtime: OnnxRuntime): boolean {
  const graph = new Graph();
  const x = graph.input("x", { shape: [1], dtype: "float32" });
  const [name, stop] = stopOf(graph);
  graph.output(stop, name);
  graph.output(graph.node("Neg", [x], x), "y");
  const one = (value: number): RuntimeTensor =>
    runtime.tensor("float32", Float32Array.of(value), [1]);
  const y = one(0);
  try {
    const session = runtime.session(modelFile(graph));
    try {
      runSilently(session, { x: one(3) }, { y });
    } finally {
      session.dispose();
    }
  } catch {
    return false;
  }
  return y.data[0] === -3;
}
