// The file format of models: a graph as the bytes of an .onnx file.
import {
  type Attribute,
  type Initializer,
  isGraph,
  type Length,
  type Node,
  type Port,
  type Subgraph,
  TYPE_NUMBERS,
} from "./graph-contents.ts";
import { writtenNodes } from "./written-nodes.ts";
import { ProtobufWriter } from "./protobuf.ts";

/** Operators of ONNX itself; version 20 has Gelu, and AveragePool with dilations. */
const OPSET = 20;
/** Intermediate representation of the file format that goes with operator set 20. */
const FORMAT_VERSION = 9;

/** What a file says about itself. */
export interface ModelInfo {
  /** Version of the library that writes it. */
  readonly version?: string;
}

/** A graph as a model of its own. @returns the bytes of an .onnx file */
export function modelFile(graph: Subgraph, { version }: ModelInfo = {}): Uint8Array {
  const model = new ProtobufWriter();
  model.integer(1, FORMAT_VERSION);
  model.text(2, "gradlab");
  if (version !== undefined) model.text(3, version);
  model.message(7, (message) => writeGraph(message, graph));
  for (const domain of new Set(["", ...domainsOf(graph)])) {
    model.message(8, (opset) => {
      opset.text(1, domain);
      opset.integer(2, domain === "" ? OPSET : 1);
    });
  }
  return model.done();
}

// Whose operators a graph uses, inner graphs included.
const domainsOf = ({ contents }: Subgraph): string[] =>
  contents.nodes.flatMap(({ domain, attributes }) => {
    const graphs = Object.values(attributes).filter(isGraph);
    return [domain, ...graphs.flatMap(domainsOf)];
  });

function writeGraph(message: ProtobufWriter, { contents }: Subgraph): void {
  const { inputs, outputs, initializers } = contents;
  for (const node of writtenNodes(contents)) message.message(1, (each) => writeNode(each, node));
  message.text(2, "graph");
  for (const numbers of initializers) message.message(5, (each) => writeNumbers(each, numbers));
  for (const input of inputs) message.message(11, (each) => writeValue(each, input));
  for (const output of outputs) message.message(12, (each) => writeValue(each, output));
}

function writeNode(message: ProtobufWriter, node: Node): void {
  for (const name of node.inputs) message.text(1, name);
  for (const name of node.outputs) message.text(2, name);
  if (node.label !== "") message.text(3, node.label);
  message.text(4, node.operator);
  for (const [name, value] of Object.entries(node.attributes)) {
    message.message(5, (attribute) => writeAttribute(attribute, name, value));
  }
  if (node.domain !== "") message.text(7, node.domain);
}

// The last field says which of the others holds the value.
function writeAttribute(message: ProtobufWriter, name: string, value: Attribute): void {
  message.text(1, name);
  if (typeof value === "number") {
    message.integer(3, value);
    message.integer(20, 2);
  } else if (typeof value === "string") {
    message.text(4, value);
    message.integer(20, 3);
  } else if (isGraph(value)) {
    message.message(6, (graph) => writeGraph(graph, value));
    message.integer(20, 5);
  } else if ("float" in value) {
    message.float(2, value.float);
    message.integer(20, 1);
  } else {
    for (const each of value) message.integer(8, each);
    message.integer(20, 7);
  }
}

function writeNumbers(message: ProtobufWriter, { name, shape, dtype, data }: Initializer): void {
  for (const length of shape) message.integer(1, length);
  message.integer(2, TYPE_NUMBERS[dtype]);
  message.text(8, name);
  message.bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function writeValue(message: ProtobufWriter, { name, shape, dtype }: Port<Length>): void {
  message.text(1, name);
  message.message(2, (type) => {
    type.message(1, (tensor) => {
      tensor.integer(1, TYPE_NUMBERS[dtype]);
      tensor.message(2, (dimensions) => {
        for (const length of shape) dimensions.message(1, (each) => writeLength(each, length));
      });
    });
  });
}

function writeLength(message: ProtobufWriter, length: Length): void {
  if (typeof length === "number") message.integer(1, length);
  else if (length !== "") message.text(2, length);
}
