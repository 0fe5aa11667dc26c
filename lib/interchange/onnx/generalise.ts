// From graphs for certain sizes to one for all: what differs between them is computed from the shapes of the inputs.
import { Graph } from "../../backends/onnx/graph.ts";
import type {
  GraphContents,
  Initializer,
  Length,
  Node,
  Port,
} from "../../backends/onnx/graph-contents.ts";
import { TracingError } from "../../errors.ts";
import { firstDifference, isSame, type Pair } from "./differences.ts";
import { differing, type Sizes, sizesText } from "./axes.ts";
import type { Recording } from "./recording.ts";
import { type AxisPlace, SizeArithmetic } from "./size-arithmetic.ts";
import { computedConstant } from "./size-constants.ts";
import { SizeFormula } from "./size-formula.ts";
import { withNames } from "./tidy.ts";

/** The same forward pass, recorded with several sizes. */
export interface Recordings {
  /** Names of the axes that have several sizes. */
  readonly names: readonly string[];
  /** With what each recording was made; the grid first. */
  readonly sizes: readonly Sizes[];
  readonly recordings: readonly Recording[];
  /** Where each named axis is in the graph of the first recording. */
  readonly places: ReadonlyMap<string, AxisPlace>;
}

/** A graph for all sizes. */
interface Generalised {
  readonly contents: GraphContents<Length>;
  /** Values that are the size of a named axis. */
  readonly axisNames: ReadonlyMap<string, string>;
}

/**
 * One graph for all sizes.
 *
 * @throws {TracingError} when something follows from a size in a way that a file cannot say
 */
export function generalise(all: Recordings): Generalised {
  const [first] = all.recordings as [Recording];
  const graphs = all.recordings.map(({ graph }) => graph);
  for (const [index, recording] of all.recordings.entries()) {
    const isSameOutput = recording.outputs.join() === first.outputs.join();
    const difference = isSameOutput
      ? firstDifference(first.graph, recording.graph)
      : ([undefined, undefined] as const);
    if (difference) throw otherOps(difference, all, index);
  }
  const contents = first.graph.contents;
  const [nodes, initializers] = [generalNodes(graphs, all), [...contents.initializers]];
  const inputs = generalPorts(graphs, "inputs", all);
  const outputs = generalPorts(graphs, "outputs", all);
  const arithmetic = new SizeArithmetic(first.graph, all.places);
  const replaced = new Map<string, string>();
  for (const [index, { name }] of initializers.entries()) {
    const constants = graphs.map((graph) => graph.contents.initializers[index]!);
    if (constants.every((constant) => isSame(constant, constants[0]!))) continue;
    const versions = { names: all.names, sizes: all.sizes, constants };
    const value = first.graph.labelled(
      "sizes",
      () =>
        openAxis(first.graph, constants, consumersOf(nodes, name)) ??
        computedConstant({ graph: first.graph, arithmetic }, versions),
    );
    if (!value) throw inexpressible(name, all, constants);
    replaced.set(name, value.name);
  }
  const computed = contents.nodes.slice(nodes.length);
  const graph = { ...contents, nodes: [...computed, ...nodes], inputs, outputs };
  const isReplaced = ({ name }: Initializer): boolean => replaced.has(name);
  const rest = {
    ...graph,
    initializers: contents.initializers.filter((each) => !isReplaced(each)),
  };
  return {
    contents: withNames(rest, (name) => replaced.get(name) ?? name),
    axisNames: arithmetic.axisNames,
  };
}

// Nodes of the first graph, with the lengths inside of the graphs that they run.
function generalNodes(graphs: readonly Graph[], all: Recordings): Node[] {
  return graphs[0]!.contents.nodes.map((node, index) => {
    const attributes = Object.entries(node.attributes).map(([name, value]) => {
      if (!(value instanceof Graph)) return [name, value] as const;
      const bodies = graphs.map((graph) => graph.contents.nodes[index]!.attributes[name] as Graph);
      return [name, { contents: generalContents(bodies, all) }] as const;
    });
    return { ...node, attributes: Object.fromEntries(attributes) };
  });
}

const generalContents = (graphs: readonly Graph[], all: Recordings): GraphContents<Length> => ({
  nodes: generalNodes(graphs, all),
  inputs: generalPorts(graphs, "inputs", all),
  outputs: generalPorts(graphs, "outputs", all),
  initializers: [],
});

// Lengths as numbers, or as the names of what they are; a length that follows in another way has none.
function generalPorts(
  graphs: readonly Graph[],
  side: "inputs" | "outputs",
  { names, sizes }: Recordings,
): Port<Length>[] {
  return graphs[0]!.contents[side].map(({ name, shape, dtype }, port) => ({
    name,
    dtype,
    shape: shape.map((_, axis) => {
      const values = graphs.map((graph) => graph.contents[side][port]!.shape[axis]!);
      const formula = SizeFormula.through({ names, sizes, values });
      return formula?.constant ?? formula?.toString() ?? "";
    }),
  }));
}

function consumersOf(nodes: readonly Node[], name: string): { node: Node; place: number }[] {
  return nodes.flatMap((node) => {
    const own = node.inputs.flatMap((input, place) => (input === name ? [{ node, place }] : []));
    const bodies = Object.values(node.attributes).filter(
      (value) => typeof value === "object" && "contents" in value,
    );
    return [...own, ...bodies.flatMap(({ contents }) => consumersOf(contents.nodes, name))];
  });
}

// A new shape in which one axis alone differs says -1 there: what is left.
function openAxis(
  graph: Graph,
  constants: readonly Initializer[],
  consumers: readonly { node: Node; place: number }[],
) {
  const isShape = consumers.every(({ node, place }) => node.operator === "Reshape" && place === 1);
  const [{ data, shape }] = constants as [Initializer];
  if (!isShape || !constants.every((each) => each.shape[0] === shape[0])) return undefined;
  const lengths = Array.from(data, Number);
  const open = lengths.map((length, axis) =>
    constants.every((each) => Number(each.data[axis]) === length) ? length : -1,
  );
  const isOne = open.filter((length) => length === -1).length === 1;
  return isOne ? graph.integers(open) : undefined;
}

function otherOps([a, b]: Pair, all: Recordings, index: number): TracingError {
  const [sizes, others] = [all.sizes[0]!, all.sizes[index]!];
  const site =
    siteOf(b, all.recordings[index]!) ?? siteOf(a, all.recordings[0]!) ?? "what comes out";
  return new TracingError(
    `saveOnnx: a file holds the same ops for all sizes, but ${site} is another one for ${sizesText(others)} than for ${sizesText(sizes)}. ` +
      fix(differing(sizes, others)),
  );
}

function inexpressible(
  name: string,
  all: Recordings,
  constants: readonly Initializer[],
): TracingError {
  const [recording] = all.recordings as [Recording];
  const [consumer] = consumersOf(recording.graph.contents.nodes, name);
  const site = consumer && siteOf(consumer.node, recording);
  const index = constants.findIndex((constant) => !isSame(constant, constants[0]!));
  const axes = differing(all.sizes[0]!, all.sizes[index]!);
  return new TracingError(
    `saveOnnx: a file computes for all sizes with the same numbers, but those of ${site ?? "a constant"} follow from the size of ${quoted(axes)} in a way that it cannot say. ` +
      `${fix(axes)} Positions that count up, masks with one diagonal, sizes and their products, and 1 divided by them can be said.`,
  );
}

const fix = (axes: readonly string[]): string =>
  `Write a number in place of ${quoted(axes)} in the shapes of the inputs, and the file is for that size.`;

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");

function siteOf(node: Node | undefined, { sites }: Recording): string | undefined {
  const [, number] = /@(\d+)/.exec(node?.label ?? "") ?? [];
  return number === undefined ? undefined : sites[Number(number)]?.text;
}
