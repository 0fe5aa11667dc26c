// The five ZeroMQ sockets of a kernel.
import type { Router, XPublisher } from "zeromq";
import { endpointOf, type ChannelName, type ConnectionInfo } from "../protocol/connection-file.ts";
import { KernelStartError } from "./errors.ts";

const LINGER_MS = 500;

/** The sockets, bound and ready. */
export interface KernelSockets {
  readonly shell: Router;
  readonly control: Router;
  readonly stdin: Router;
  readonly hb: Router;
  readonly iopub: XPublisher;
}

/**
 * Opens and binds the sockets.
 *
 * @throws {KernelStartError} when an address is taken or not of this machine
 */
export async function openSockets(connection: ConnectionInfo): Promise<KernelSockets> {
  const { Router, XPublisher } = await import("zeromq");
  const sockets: KernelSockets = {
    shell: new Router({ linger: LINGER_MS, sendHighWaterMark: 0 }),
    control: new Router({ linger: LINGER_MS, sendHighWaterMark: 0 }),
    // A question to a client that is not connected is an error, and not silently gone.
    stdin: new Router({ linger: LINGER_MS, mandatory: true }),
    hb: new Router({ linger: LINGER_MS }),
    // Without a limit nothing is dropped for a client that reads slowly; cells have limits of their own.
    iopub: new XPublisher({ linger: LINGER_MS, sendHighWaterMark: 0, verbosity: "allSubs" }),
  };
  const names = Object.keys(sockets) as ChannelName[];
  await Promise.all(names.map((name) => bind(sockets[name], connection, name)));
  return sockets;
}

/** Closes all sockets, after what they have been given has left. */
export function closeSockets(sockets: KernelSockets): void {
  for (const socket of Object.values(sockets) as (Router | XPublisher)[]) socket.close();
}

async function bind(
  socket: Router | XPublisher,
  connection: ConnectionInfo,
  name: ChannelName,
): Promise<void> {
  const endpoint = endpointOf(connection, name);
  try {
    await socket.bind(endpoint);
  } catch (cause) {
    throw new KernelStartError(
      `the ${name} socket must be bound to ${endpoint}, but that failed (${(cause as Error).message}). ` +
        "Another program may use the port: start the kernel again, with a new connection file.",
      { cause },
    );
  }
}
