// Opens the port of the server, and says what is wrong when it cannot.
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ServerStartError, systemCode } from "../errors.ts";

const LOOPBACK = "127.0.0.1";

/**
 * Listens on the loopback interface only.
 *
 * @param port - 0 for any free one
 * @returns the real port
 * @throws {ServerStartError} when the port is taken, forbidden or no port number
 */
export async function listen(server: Server, port: number): Promise<number> {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new ServerStartError(
      "LAB_BAD_OPTION",
      `The port must be a whole number from 0 to 65535, got ${port}. Leave it out to get a free one.`,
    );
  }
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(explain(error, port)));
    server.listen(port, LOOPBACK, resolve);
  });
  return (server.address() as AddressInfo).port;
}

function explain(error: Error, port: number): Error {
  const code = systemCode(error);
  if (code === "EADDRINUSE") {
    return new ServerStartError(
      "LAB_PORT_TAKEN",
      `Port ${port} must be free, another program uses it. Choose another one with --port, or leave it out to get a free one.`,
      { cause: error },
    );
  }
  if (code === "EACCES") {
    return new ServerStartError(
      "LAB_PORT_FORBIDDEN",
      `Port ${port} may not be opened by this user. Choose one from 1024 upwards with --port.`,
      { cause: error },
    );
  }
  return error;
}
