// The eager ONNX backend: every primitive is a small model, built for its shapes once and run at once.
import { checkIndexValues } from "../../check.ts";
import { DTypeError } from "../../errors.ts";
import { shapeText } from "../../shape.ts";
import type { Backend } from "../backend.ts";
import { type HostArray, hostArray, hostStorage } from "../host-array.ts";
import type { Call, Fuse, Waiting } from "../put-off.ts";
import { CallModel } from "./call.ts";
import { LOWERINGS, type PrimitiveName } from "./primitives.ts";
import { blockSize } from "./block-probe.ts";
import { requireOnnxRuntime } from "./runtime.ts";
import { SessionCache } from "./session-cache.ts";

/** A backend whose primitives can take over what their operands wait for. */
export interface EagerBackend extends Backend {
  readonly fuse: Fuse;
}

// Runs calls, each kind of model in sessions of its own: what is one primitive has nothing to be optimised.
function fuseOn(threads: number): Fuse {
  const single = new SessionCache({ threads, takesTurns: true, asItStands: true });
  const fused = new SessionCache({ threads, takesTurns: true });
  return (call, waiting) => {
    const model = new CallModel(call, waiting);
    for (const { dtype, shape } of model.inputs) checkSupported(opOf(call), dtype, shape);
    const file = (): Uint8Array => model.file(() => blockSize(requireOnnxRuntime()));
    const sessions = model.isSingle ? single : fused;
    return sessions.run(model.key, file, { inputs: model.inputs, outputs: 1 })[0]!;
  };
}

const NOTHING_WAITS: Waiting = () => undefined;

// "binary" and its like take the name that their user knows as the first parameter.
function opOf({ name, parameters: [first] }: Call): string {
  return typeof first === "string" ? first : name;
}

function checkSupported(name: string, dtype: string, shape: readonly number[]): void {
  if (dtype !== "float64") return;
  throw new DTypeError(
    `${name}: the onnx backend computes in float32, got float64 of shape ${shapeText(shape)}. ` +
      'float64 runs on the typescript backend only: call useBackend("typescript"), or cast(x, "float32").',
  );
}

/**
 * ONNX Runtime op by op, synchronous, on the same memory as the readable backend.
 *
 * @param threads - that share the work of one op
 */
export function onnxEager(threads: number): EagerBackend {
  const fuse = fuseOn(threads);
  const compute = (name: PrimitiveName, parameters: readonly unknown[]): HostArray =>
    fuse({ name, parameters }, NOTHING_WAITS);
  return {
    name: "onnx",
    ...hostStorage,
    ...(Object.fromEntries(
      Object.keys(LOWERINGS).map((name) => [
        name,
        (...parameters: unknown[]) => compute(name as PrimitiveName, parameters),
      ]),
    ) as unknown as Pick<Backend, PrimitiveName>),
    fuse,
    // The same elements in the same order are the same memory.
    reshape: (x, shape) => hostArray((x as HostArray).data, shape),
    gather(x, index) {
      checkIndexValues("gather", (index as HostArray).data, x.shape[0]!);
      return compute("gather", [x, index]);
    },
    scatterAdd(index, updates, rows) {
      checkIndexValues("scatterAdd", (index as HostArray).data, rows);
      return compute("scatterAdd", [index, updates, rows]);
    },
    oneHot(index, classes, dtype) {
      checkIndexValues("oneHot", (index as HostArray).data, classes);
      return compute("oneHot", [index, classes, dtype]);
    },
  };
}

/** The backend that `useBackend("onnx")` chooses: every op on one thread. */
export const onnxBackend: EagerBackend = onnxEager(1);
