// The last step before a file is written: what nobody reads is left out, and everything gets a name that tells what it is.
import {
  type Attribute,
  type GraphContents,
  type Initializer,
  type Length,
  type Node,
  numbersText,
  type Subgraph,
} from "../../backends/onnx/graph-contents.ts";

/** What values are to be called, by the names that they have; the first ones come first. */
export type Names = readonly (readonly [name: string, called: string])[];

/** Constants of up to so many elements are shared. */
const SMALL = 16;

/** A graph without what no output is made of, with equal small constants as one, and with readable names. */
export function tidied(recorded: GraphContents<Length>, names: Names): GraphContents<Length> {
  const graph = withoutCopies(recorded);
  const needed = neededBy(graph);
  const nodes = graph.nodes.filter((node) => node.outputs.some((name) => needed.has(name)));
  const used = graph.initializers.filter(({ name }) => needed.has(name));
  const { kept, twins } = withoutTwins(used, new Map(names));
  const called = naming(names);
  return withNames({ ...graph, nodes, initializers: kept }, (name) =>
    called(twins.get(name) ?? name),
  );
}

// Weights in place of copies in their own shape: a layer gives its bias four axes, and a convolution takes one again.
function withoutCopies(graph: GraphContents<Length>): GraphContents<Length> {
  const constants = new Map(graph.initializers.map((each) => [each.name, each]));
  const sources = new Map(constants);
  const kept = new Set(graph.outputs.map(({ name }) => name));
  const copies = new Map<string, string>();
  for (const { operator, inputs, outputs } of graph.nodes) {
    const [source, shape] = [sources.get(inputs[0]!), constants.get(inputs[1]!)];
    const [output] = outputs as [string];
    if (operator !== "Reshape" || !source || !shape || kept.has(output)) continue;
    sources.set(output, source);
    if (source.shape.join() === shape.data.join()) copies.set(output, source.name);
  }
  const nodes = graph.nodes.filter(({ outputs }) => !copies.has(outputs[0]!));
  return withNames({ ...graph, nodes }, (name) => copies.get(name) ?? name);
}

/** The same graph with other names. */
export function withNames(
  graph: GraphContents<Length>,
  rename: (name: string) => string,
): GraphContents<Length> {
  const named = <Item extends { readonly name: string }>(item: Item): Item => {
    return { ...item, name: rename(item.name) };
  };
  return {
    nodes: graph.nodes.map((node) => renamed(node, rename)),
    inputs: graph.inputs.map(named),
    outputs: graph.outputs.map(named),
    initializers: graph.initializers.map(named),
  };
}

// Nodes are in an order in which they can run: one walk back finds all that lead to the outputs.
function neededBy({ nodes, outputs }: GraphContents<Length>): Set<string> {
  const needed = new Set(outputs.map(({ name }) => name));
  for (const node of nodes.toReversed()) {
    if (node.outputs.some((name) => needed.has(name))) {
      for (const name of namesReadBy(node)) needed.add(name);
    }
  }
  return needed;
}

const namesReadBy = ({ inputs, attributes }: Node): string[] => [
  ...inputs,
  ...bodiesOf(attributes).flatMap(({ contents }) => [
    ...contents.nodes.flatMap(namesReadBy),
    ...contents.outputs.map(({ name }) => name),
  ]),
];

const bodiesOf = (attributes: Node["attributes"]): Subgraph[] =>
  Object.values(attributes).filter(isBody);

const isBody = (value: Attribute): value is Subgraph =>
  typeof value === "object" && "contents" in value;

// Names as wished for, made different where two wish for the same; all others stay as they are, out of their way.
function naming(names: Names): (name: string) => string {
  const taken = new Set<string>();
  const given = new Map<string, string>();
  const claim = (name: string, wish: string): string => {
    let free = wish;
    while (taken.has(free)) free += "_";
    taken.add(free);
    given.set(name, free);
    return free;
  };
  for (const [name, wish] of names) if (!given.has(name)) claim(name, wish);
  return (name) => (name === "" ? "" : (given.get(name) ?? claim(name, name)));
}

function withoutTwins(
  initializers: readonly Initializer[],
  named: ReadonlyMap<string, string>,
): { kept: readonly Initializer[]; twins: ReadonlyMap<string, string> } {
  const known = new Map<string, string>();
  const twins = new Map<string, string>();
  const kept = initializers.filter(({ name, dtype, shape, data }) => {
    if (data.length > SMALL || named.has(name)) return true;
    const text = `${dtype} [${shape.join()}] ${numbersText(data)}`;
    const twin = known.get(text);
    if (twin === undefined) known.set(text, name);
    else twins.set(name, twin);
    return twin === undefined;
  });
  return { kept, twins };
}

function renamed(node: Node, rename: (name: string) => string): Node {
  const attributes = Object.entries(node.attributes).map(
    ([name, value]) =>
      [name, isBody(value) ? { contents: withNames(value.contents, rename) } : value] as const,
  );
  return {
    ...node,
    label: node.label.replace("@", "_"),
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
    attributes: Object.fromEntries(attributes),
  };
}
