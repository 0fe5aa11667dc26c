// TCP ports of this machine that nobody uses at the moment, and that no connection will be given by chance.
import { createServer } from "node:net";

/**
 * Below the ports that systems give to outgoing connections: one of those may be taken between the moment it is found
 * free and the moment somebody binds it. Each test process has a stretch of its own.
 */
const FIRST_PORT = 10_000;
const LAST_PORT = 32_000;
const PORTS_PER_PROCESS = 500;
const STRETCHES = Math.floor((LAST_PORT - FIRST_PORT) / PORTS_PER_PROCESS);
const stretch = FIRST_PORT + (process.pid % STRETCHES) * PORTS_PER_PROCESS;
let next = 0;

/** Finds `count` different free ports. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = stretch + (next++ % PORTS_PER_PROCESS);
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
