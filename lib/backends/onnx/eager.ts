// The eager ONNX backend: every primitive is a small model, built for its shapes once and run at once.
import { checkIndexValues } from "../../check.ts";
import { DTypeError } from "../../errors.ts";
import { shapeText } from "../../shape.ts";
import type { Backend, BackendValue } from "../backend.ts";
import { type HostArray, hostArray, hostStorage } from "../host-array.ts";
import { Graph, type GraphValue } from "./graph.ts";
import { LOWERINGS, type PrimitiveName } from "./primitives.ts";
import { requireOnnxRuntime, type RuntimeSession } from "./runtime.ts";

/** Models that are kept; the one that was not used for longest goes first. */
const MOST_MODELS = 512;

const models = new Map<string, RuntimeSession>();

/** What a primitive takes: arrays, lists of them, and settings. */
type Parameter = unknown;

/** Runs one primitive: takes what the contract says, gives an array. */
function compute(name: PrimitiveName, parameters: readonly Parameter[]): HostArray {
  const arrays = parameters.flatMap(arraysOf);
  for (const { dtype, shape } of arrays) checkSupported(name, dtype, shape);
  const session = modelFor(name, parameters);
  const { tensor } = requireOnnxRuntime();
  const inputs = Object.fromEntries(
    arrays.map(({ data, shape, dtype }, index) => [`in${index}`, tensor(dtype, data, shape)]),
  );
  const out = session.run(inputs, { out: null }, {})["out"]!;
  return hostArray(out.data, out.dims);
}

function modelFor(name: PrimitiveName, parameters: readonly Parameter[]): RuntimeSession {
  const key = `${name} ${JSON.stringify(parameters.map(description))}`;
  const known = models.get(key);
  // The order of a map is that of insertion: whoever is used goes to the end.
  models.delete(key);
  const session = known ?? buildModel(name, parameters);
  models.set(key, session);
  if (models.size > MOST_MODELS) forgetOldest();
  return session;
}

function forgetOldest(): void {
  for (const [key, session] of models) {
    models.delete(key);
    session.dispose();
    return;
  }
}

function buildModel(name: PrimitiveName, parameters: readonly Parameter[]): RuntimeSession {
  const graph = new Graph();
  let count = 0;
  const input = ({ shape, dtype }: BackendValue): GraphValue =>
    graph.input(`in${count++}`, { shape, dtype });
  const onGraph = parameters.map((parameter) => {
    if (isArray(parameter)) return input(parameter);
    return isList(parameter) ? parameter.map(input) : parameter;
  });
  const lower = LOWERINGS[name] as (graph: Graph, ...parameters: unknown[]) => GraphValue;
  graph.output(lower(graph, ...onGraph), "out");
  return requireOnnxRuntime().session(graph.toBytes());
}

// What a model depends on: shapes and types of the arrays, and every setting.
function description(parameter: Parameter): unknown {
  if (isArray(parameter)) return [parameter.dtype, parameter.shape];
  return isList(parameter) ? parameter.map(description) : parameter;
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

function primitive<Name extends PrimitiveName>(name: Name): Backend[Name] {
  return (...parameters: Parameter[]) => compute(name, parameters);
}

/** ONNX Runtime op by op, synchronous, on the same memory as the readable backend. */
export const onnxBackend: Backend = {
  name: "onnx",
  ...hostStorage,
  ...(Object.fromEntries(
    Object.keys(LOWERINGS).map((name) => [name, primitive(name as PrimitiveName)]),
  ) as unknown as Pick<Backend, PrimitiveName>),
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
