// The connection file: where the five sockets of a kernel are, and the key that signs its messages.
import { ProtocolError } from "./errors.ts";

/** The five sockets of a kernel. */
export const CHANNELS = ["shell", "control", "iopub", "stdin", "hb"] as const;

/** One of the five sockets. */
export type ChannelName = (typeof CHANNELS)[number];

/** What a connection file says. */
export interface ConnectionInfo {
  readonly transport: "tcp" | "ipc";
  /** Address for tcp, path prefix for ipc. */
  readonly ip: string;
  readonly ports: Readonly<Record<ChannelName, number>>;
  /** Empty when messages are not signed. */
  readonly key: string;
  readonly signatureScheme: string;
}

/**
 * Reads the text of a connection file.
 *
 * @throws {ProtocolError} with code `PROTOCOL_CONNECTION_FILE` when a field is missing or of the wrong kind
 */
export function parseConnectionFile(text: string): ConnectionInfo {
  const fields = parseFields(text);
  const transport = fields["transport"] ?? "tcp";
  if (transport !== "tcp" && transport !== "ipc") {
    throw refuse(`transport must be "tcp" or "ipc", got ${JSON.stringify(transport)}`);
  }
  const ports = CHANNELS.map((channel) => [channel, readPort(fields, `${channel}_port`)] as const);
  return {
    transport,
    ip: readText(fields, "ip", "127.0.0.1"),
    ports: Object.fromEntries(ports) as Record<ChannelName, number>,
    key: readText(fields, "key", ""),
    signatureScheme: readText(fields, "signature_scheme", "hmac-sha256"),
  };
}

/** The ZeroMQ address of one socket. */
export function endpointOf(connection: ConnectionInfo, channel: ChannelName): string {
  const separator = connection.transport === "tcp" ? ":" : "-";
  return `${connection.transport}://${connection.ip}${separator}${connection.ports[channel]}`;
}

function parseFields(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch (cause) {
    throw refuse("it must be a JSON object, got text that is not JSON", cause);
  }
  throw refuse("it must be a JSON object, got another kind of value");
}

function readPort(fields: Record<string, unknown>, name: string): number {
  const port = fields[name];
  if (typeof port === "number" && Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw refuse(`${name} must be a whole number from 1 to 65535, got ${JSON.stringify(port)}`);
}

function readText(fields: Record<string, unknown>, name: string, fallback: string): string {
  const value = fields[name] ?? fallback;
  if (typeof value === "string") return value;
  throw refuse(`${name} must be text, got ${JSON.stringify(value)}`);
}

function refuse(problem: string, cause?: unknown): ProtocolError {
  return new ProtocolError(
    "PROTOCOL_CONNECTION_FILE",
    `the connection file: ${problem}. Let a Jupyter client write it and start the kernel.`,
    { cause },
  );
}
