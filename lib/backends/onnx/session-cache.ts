// Models that have run, kept to run again: on arrays of this process, at once.
import { type HostArray, hostArray } from "../host-array.ts";
import {
  requireOnnxRuntime,
  type RuntimeSession,
  type RuntimeTensor,
  type SessionOptions,
} from "./runtime.ts";

/** Models that are kept; the one that was not used for longest goes first. */
const MOST_MODELS = 512;

/** What goes into a model, as `in0`, `in1` ..., and how much comes out, as `out0`, `out1` .... */
export interface Task {
  readonly inputs: readonly HostArray[];
  readonly outputs: number;
}

/** Sessions by a text that says everything that they depend on. */
export class SessionCache {
  readonly #options: SessionOptions;
  readonly #sessions = new Map<string, RuntimeSession>();

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Runs the model that `key` stands for; `model` makes its file where it is not there yet. */
  run(key: string, model: () => Uint8Array, { inputs, outputs }: Task): HostArray[] {
    const { tensor } = requireOnnxRuntime();
    const given: Record<string, RuntimeTensor> = {};
    for (const [index, { data, shape, dtype }] of inputs.entries()) {
      given[`in${index}`] = tensor(dtype, data, shape);
    }
    // The outputs' memory is ONNX Runtime's own, warm from its last use: a fresh typed array takes a third longer.
    const wanted: Record<string, null> = {};
    for (let index = 0; index < outputs; index++) wanted[`out${index}`] = null;
    const results = this.#sessionFor(key, model).run(given, wanted, {});
    return Object.keys(wanted).map((name) => hostArray(results[name]!.data, results[name]!.dims));
  }

  #sessionFor(key: string, model: () => Uint8Array): RuntimeSession {
    const known = this.#sessions.get(key);
    // The order of a map is that of insertion: whoever is used goes to the end.
    this.#sessions.delete(key);
    const session = known ?? requireOnnxRuntime().session(model(), this.#options);
    this.#sessions.set(key, session);
    if (this.#sessions.size > MOST_MODELS) this.#forgetOldest();
    return session;
  }

  #forgetOldest(): void {
    for (const [key, session] of this.#sessions) {
      this.#sessions.delete(key);
      session.dispose();
      return;
    }
  }
}
