// What an ONNX file says, read byte by byte from its description, with nothing of the library that wrote it.

/** A graph of a file. */
export interface FileGraph {
  readonly nodes: readonly FileNode[];
  readonly inputs: readonly FilePort[];
  readonly outputs: readonly FilePort[];
  /** Names and numbers of the constants; those of float32 and int64. */
  readonly initializers: ReadonlyMap<string, readonly number[]>;
}

/** A node of a file. */
export interface FileNode {
  readonly operator: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly bodies: readonly FileGraph[];
}

/** An input or output of a graph. */
export interface FilePort {
  readonly name: string;
  readonly shape: readonly (number | string)[];
}

/** A file. */
export interface OnnxFile {
  readonly formatVersion: number;
  readonly producer: string;
  readonly producerVersion: string;
  readonly operatorSets: readonly (readonly [domain: string, version: number])[];
  readonly graph: FileGraph;
}

type Field = number | Buffer;

/** Reads a file. */
export function readOnnxFile(bytes: Uint8Array): OnnxFile {
  const model = fields(Buffer.from(bytes));
  return {
    formatVersion: number(model, 1),
    producer: text(model, 2),
    producerVersion: text(model, 3),
    operatorSets: messages(model, 8).map((set) => [text(set, 1), number(set, 2)] as const),
    graph: graph(messages(model, 7)[0]!),
  };
}

/** All nodes of a graph, those of inner graphs included. */
export function allNodes({ nodes }: FileGraph): FileNode[] {
  return nodes.flatMap((node) => [node, ...node.bodies.flatMap(allNodes)]);
}

type Message = ReadonlyMap<number, readonly Field[]>;

function fields(buffer: Buffer): Message {
  const found = new Map<number, Field[]>();
  let at = 0;
  const varint = (): number => {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = buffer[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  };
  const take = (length: number): Buffer => buffer.subarray(at, (at += length));
  while (at < buffer.length) {
    const tag = varint();
    const wire = tag & 7;
    const value = wire === 0 ? varint() : wire === 2 ? take(varint()) : take(wire === 5 ? 4 : 8);
    found.set(tag >> 3, [...(found.get(tag >> 3) ?? []), value]);
  }
  return found;
}

const all = (message: Message, field: number): readonly Field[] => message.get(field) ?? [];
const messages = (message: Message, field: number): Message[] =>
  all(message, field).map((value) => fields(value as Buffer));
const texts = (message: Message, field: number): string[] =>
  all(message, field).map((value) => (value as Buffer).toString());
const text = (message: Message, field: number): string => texts(message, field)[0] ?? "";
const number = (message: Message, field: number): number => Number(all(message, field)[0] ?? 0);

const graph = (message: Message): FileGraph => ({
  nodes: messages(message, 1).map((node) => ({
    operator: text(node, 4),
    domain: text(node, 7),
    inputs: texts(node, 1),
    outputs: texts(node, 2),
    bodies: messages(node, 5)
      .flatMap((attribute) => messages(attribute, 6))
      .map(graph),
  })),
  inputs: messages(message, 11).map(port),
  outputs: messages(message, 12).map(port),
  initializers: new Map(
    messages(message, 5).map((constant) => [text(constant, 8), numbers(constant)]),
  ),
});

function port(message: Message): FilePort {
  const [tensor] = messages(messages(message, 2)[0]!, 1) as [Message];
  const [shape] = messages(tensor, 2) as [Message];
  const lengths = messages(shape, 1).map((length) => text(length, 2) || number(length, 1));
  return { name: text(message, 1), shape: lengths };
}

function numbers(constant: Message): number[] {
  const raw = all(constant, 9)[0] as Buffer;
  const isFloat = number(constant, 2) === 1;
  const width = isFloat ? 4 : 8;
  return Array.from({ length: Math.floor(raw.length / width) }, (_, index) =>
    isFloat ? raw.readFloatLE(4 * index) : Number(raw.readBigInt64LE(8 * index)),
  );
}
