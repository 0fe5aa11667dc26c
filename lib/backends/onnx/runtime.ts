// ONNX Runtime, loaded on first use: sessions that run at once, in this thread.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { BackendError } from "../../errors.ts";
import type { DType, TypedArray } from "../../dtype.ts";
import type { Shape } from "../../shape.ts";

/** A tensor as ONNX Runtime takes and gives it. */
export interface RuntimeTensor {
  readonly data: TypedArray;
  readonly dims: readonly number[];
  readonly type: string;
}

/** What a model takes or gives. */
export interface RuntimePort {
  readonly name: string;
  readonly isTensor: boolean;
  /** Number of its element type, as in the file. */
  readonly type: number;
  /** Lengths of the axes; -1 where the file has no number. */
  readonly shape: readonly number[];
  /** Names of the axes, empty where they have none. */
  readonly symbolicDimensions: readonly string[];
}

/** A model that is ready to run; inputs and outputs by name. */
export interface RuntimeSession {
  run(
    inputs: Readonly<Record<string, RuntimeTensor>>,
    outputs: Readonly<Record<string, RuntimeTensor | null>>,
    options: object,
  ): Record<string, RuntimeTensor>;
  dispose(): void;
}

/** How a model is prepared. */
export interface SessionOptions {
  /** Threads that share the work of one node. */
  readonly threads: number;
  /** Whether it is one of many models that run by turns. */
  readonly takesTurns?: boolean;
  /** Whether its threads stay awake for a moment after a run, because the next one is not far. */
  readonly waitsAwake?: boolean;
  /** Whether there is nothing to optimise, as in a model of one op. */
  readonly asItStands?: boolean;
}

/** What the library uses of ONNX Runtime. */
export interface OnnxRuntime {
  readonly version: string;
  /** A tensor around `data`, which is not copied. */
  readonly tensor: (
    dtype: DType | "int64",
    data: TypedArray | BigInt64Array,
    shape: Shape,
  ) => RuntimeTensor;
  /** Reads a model, or a file of one, and prepares it; without options for one op, as it stands and on one thread. */
  readonly session: (model: Uint8Array | string, options?: SessionOptions) => RuntimeSession;
  /** What a session's model takes and gives. */
  readonly ports: (session: RuntimeSession) => {
    readonly inputs: readonly RuntimePort[];
    readonly outputs: readonly RuntimePort[];
  };
}

/** A session as the binding makes it. */
interface BindingSession extends RuntimeSession {
  readonly inputMetadata: readonly RuntimePort[];
  readonly outputMetadata: readonly RuntimePort[];
}

interface Binding {
  readonly InferenceSession: new () => BindingSession & {
    loadModel(buffer: ArrayBufferLike, offset: number, length: number, options: object): void;
    loadModel(path: string, options: object): void;
  };
}

/** Why it cannot be loaded. */
class Missing {
  readonly cause: unknown;

  constructor(cause: unknown) {
    this.cause = cause;
  }
}

let loaded: OnnxRuntime | Missing | undefined;

/** ONNX Runtime, or undefined where it cannot be loaded; `requireOnnxRuntime` tells the cause. */
export function onnxRuntime(): OnnxRuntime | undefined {
  loaded ??= load();
  return loaded instanceof Missing ? undefined : loaded;
}

/** Who cannot do without ONNX Runtime, as messages call it, and what to do instead. */
export interface RuntimeUser {
  readonly name: string;
  readonly instead: string;
}

const BACKEND: RuntimeUser = {
  name: "onnx",
  instead: 'go on with useBackend("typescript"), which needs nothing',
};

/**
 * ONNX Runtime for somebody who asked for it by name.
 *
 * @throws {BackendError} when it cannot be loaded
 */
export function requireOnnxRuntime(user: RuntimeUser = BACKEND): OnnxRuntime {
  loaded ??= load();
  if (!(loaded instanceof Missing)) return loaded;
  const { cause } = loaded;
  const [reason] = (cause instanceof Error ? cause.message : String(cause)).split("\n");
  throw new BackendError(
    `${user.name}: ONNX Runtime must load on this machine, but did not: ${reason}. ` +
      `Run "npx gradlab doctor", which tells what is missing, or ${user.instead}.`,
    { cause },
  );
}

function load(): OnnxRuntime | Missing {
  // Read once, when the library is loaded: without it, a session writes files outside the project and keeps statistics.
  process.env["ORT_DISABLE_TELEMETRY"] = "1";
  try {
    return open(createRequire(import.meta.url));
  } catch (cause) {
    return new Missing(cause);
  }
}

function open(require: NodeJS.Require): OnnxRuntime {
  const entry = require.resolve("onnxruntime-node");
  const { Tensor } = require("onnxruntime-node") as {
    Tensor: new (type: string, data: TypedArray | BigInt64Array, dims: Shape) => RuntimeTensor;
  };
  // The public class runs in a later turn of the event loop; the class behind it runs now, which ops need.
  const { binding, initOrt } = require(join(dirname(entry), "binding.js")) as {
    binding: Binding;
    initOrt: () => void;
  };
  initOrt();
  const { version } = require(join(dirname(entry), "..", "package.json")) as { version: string };
  return {
    version,
    tensor: (dtype, data, shape) => new Tensor(dtype, data, shape),
    session: (model, options) => openSession(binding, model, options),
    ports: (session) => {
      const { inputMetadata, outputMetadata } = session as BindingSession;
      return { inputs: inputMetadata, outputs: outputMetadata };
    },
  };
}

function openSession(
  binding: Binding,
  model: Uint8Array | string,
  options: SessionOptions = { threads: 1, takesTurns: true, asItStands: true },
): RuntimeSession {
  const session = new binding.InferenceSession();
  const settings = {
    intraOpNumThreads: options.threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    // A model of one op is made while a learner waits.
    graphOptimizationLevel: options.asItStands === true ? "disabled" : "all",
    // What goes wrong is thrown; said twice, it would also stand in the output of a cell.
    logSeverityLevel: 4,
    extra: {
      session: {
        // Numbers below 1e-38 cost a hundred times as much as others, and nobody misses them.
        set_denormal_as_zero: "1",
        ...sleepOf(options),
      },
    },
  };
  if (typeof model === "string") session.loadModel(model, settings);
  else session.loadModel(model.buffer, model.byteOffset, model.byteLength, settings);
  return session;
}

// When the threads of a session, each of which has its own, sleep.
function sleepOf({ takesTurns, waitsAwake }: SessionOptions): Readonly<Record<string, string>> {
  // Where many take turns, those that wait must sleep: sixteen models that keep two cores awake for each other take nine
  // times as long as on one thread. Awake during a run alone they are 5 % faster on idle cores, and half as fast where
  // other programs use the cores.
  if (takesTurns === true) return { "intra_op.allow_spinning": "0" };
  // Where runs are short and the next one follows soon, waking up is a part of each: a loop of single steps is 1.06 times
  // as fast (MLP, LeNet 1.01, transformer block 1.11), whose threads wait awake for a millisecond.
  if (waitsAwake === true) return { "intra_op.spin_duration_us": "1000" };
  // Where one runs for long, it must not keep a core awake after a run: the caller's thread needs it, to get the next one
  // ready and hand it over. fit takes 0.9 of the time then (MLP on MNIST, two cores).
  return { force_spinning_stop: "1" };
}
