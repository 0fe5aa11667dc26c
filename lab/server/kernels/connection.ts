// Where a new kernel shall listen: five free ports, a fresh key, and the private file that tells it.
import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { dirname } from "node:path";
import { HttpError, systemCode } from "../errors.ts";
import { CHANNELS } from "../../../kernel/protocol/connection-file.ts";
import type { ChannelName, ConnectionInfo } from "../../../kernel/protocol/connection-file.ts";

const LOOPBACK = "127.0.0.1";

/** Chooses ports that are free now. Another program may take one first: who starts a kernel must be ready to try again. */
export async function createConnection(): Promise<ConnectionInfo> {
  const holders = await Promise.all(CHANNELS.map(() => holdPort()));
  const ports = holders.map((holder) => (holder.address() as AddressInfo).port);
  await Promise.all(holders.map((holder) => new Promise((done) => holder.close(done))));
  const entries = CHANNELS.map((channel, index) => [channel, ports[index]] as const);
  return {
    transport: "tcp",
    ip: LOOPBACK,
    ports: Object.fromEntries(entries) as Record<ChannelName, number>,
    key: randomBytes(32).toString("hex"),
    signatureScheme: "hmac-sha256",
  };
}

/** Writes the connection file, readable by its owner only. */
export async function writeConnectionFile(
  path: string,
  connection: ConnectionInfo,
  kernelName: string,
): Promise<void> {
  const ports = CHANNELS.map((channel) => [`${channel}_port`, connection.ports[channel]] as const);
  const fields = {
    ...Object.fromEntries(ports),
    transport: connection.transport,
    ip: connection.ip,
    key: connection.key,
    signature_scheme: connection.signatureScheme,
    kernel_name: kernelName,
  };
  // Programs that clean temporary folders may have taken it away.
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, JSON.stringify(fields, undefined, 2), { mode: 0o600 });
  } catch (error) {
    const reason = systemCode(error) === "ENOSPC" ? "the disk is full" : systemCode(error);
    throw new HttpError(
      507,
      `A kernel needs a small file in the temporary folder ${dirname(path)}, it cannot be written (${reason}). Free some space there, or set TMPDIR to another folder and start again.`,
      { cause: error },
    );
  }
}

function holdPort(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const holder = createServer();
    holder.once("error", reject);
    holder.listen(0, LOOPBACK, () => resolve(holder));
  });
}
