// The eager ONNX backend: every primitive is a small model, built for its shapes once and run at once.
import { checkIndexValues } from "../../check.ts";
import { DTypeError } from "../../errors.ts";
import { shapeText } from "../../shape.ts";
import type { Backend, BackendValue } from "../backend.ts";
import { type HostArray, hostArray, hostStorage } from "../host-array.ts";
import { Graph, type GraphValue } from "./graph.ts";
import { modelFile } from "./model-file.ts";
import { LOWERINGS, type PrimitiveName } from "./primitives.ts";
import { blockSize } from "./block-probe.ts";
import { requireOnnxRuntime } from "./runtime.ts";
import { SessionCache } from "./session-cache.ts";

/** What a primitive takes: arrays, lists of them, and settings. */
type Parameter = unknown;

/** Runs one primitive: takes what the contract says, gives an array. */
function compute(
  sessions: SessionCache,
  name: PrimitiveName,
  parameters: readonly Parameter[],
): HostArray {
  const arrays = parameters.flatMap(arraysOf);
  for (const { dtype, shape } of arrays) checkSupported(name, dtype, shape);
  const key = `${name} ${parameters.map(description).join("; ")}`;
  return sessions.run(key, () => modelOf(name, parameters), { inputs: arrays, outputs: 1 })[0]!;
}

function modelOf(name: PrimitiveName, parameters: readonly Parameter[]): Uint8Array {
  const graph = new Graph(undefined, { blockSize: blockSizeFor(name) });
  let count = 0;
  const input = ({ shape, dtype }: BackendValue): GraphValue =>
    graph.input(`in${count++}`, { shape, dtype });
  const onGraph = parameters.map((parameter) => {
    if (isArray(parameter)) return input(parameter);
    return isList(parameter) ? parameter.map(input) : parameter;
  });
  const lower = LOWERINGS[name] as (graph: Graph, ...parameters: unknown[]) => GraphValue;
  graph.outputLast(lower(graph, ...onGraph), "out0");
  return modelFile(graph);
}

// A convolution in blocks takes 0.55 to 0.7 of the time, the way into blocks and back included; a pool 1.1 to 1.4.
function blockSizeFor(name: PrimitiveName): number {
  return name.startsWith("conv2d") ? blockSize(requireOnnxRuntime()) : 0;
}

// What a model depends on: shapes and types of the arrays, and every setting.
function description(parameter: Parameter): string {
  if (isArray(parameter)) return `${parameter.dtype} ${parameter.shape.join()}`;
  if (isList(parameter)) return parameter.map(description).join(" and ");
  // JSON has one word for NaN and both infinities.
  return typeof parameter === "number" ? String(parameter) : JSON.stringify(parameter);
}

const isArray = (parameter: Parameter): parameter is HostArray =>
  typeof parameter === "object" && parameter !== null && "dtype" in parameter;

const isList = (parameter: Parameter): parameter is readonly HostArray[] =>
  Array.isArray(parameter) && parameter.length > 0 && isArray(parameter[0]);

const arraysOf = (parameter: Parameter): readonly HostArray[] => {
  if (isArray(parameter)) return [parameter];
  return isList(parameter) ? parameter : [];
};

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
export function onnxEager(threads: number): Backend {
  const sessions = new SessionCache({ threads, takesTurns: true, asItStands: true });
  const primitive =
    (name: PrimitiveName) =>
    (...parameters: Parameter[]): HostArray =>
      compute(sessions, name, parameters);
  return {
    name: "onnx",
    ...hostStorage,
    ...(Object.fromEntries(
      Object.keys(LOWERINGS).map((name) => [name, primitive(name as PrimitiveName)]),
    ) as unknown as Pick<Backend, PrimitiveName>),
    // The same elements in the same order are the same memory.
    reshape: (x, shape) => hostArray((x as HostArray).data, shape),
    gather(x, index) {
      checkIndexValues("gather", (index as HostArray).data, x.shape[0]!);
      return compute(sessions, "gather", [x, index]);
    },
    scatterAdd(index, updates, rows) {
      checkIndexValues("scatterAdd", (index as HostArray).data, rows);
      return compute(sessions, "scatterAdd", [index, updates, rows]);
    },
    oneHot(index, classes, dtype) {
      checkIndexValues("oneHot", (index as HostArray).data, classes);
      return compute(sessions, "oneHot", [index, classes, dtype]);
    },
  };
}

/** The backend that `useBackend("onnx")` chooses: every op on one thread. */
export const onnxBackend: Backend = onnxEager(1);
