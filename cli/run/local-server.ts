// Our own Jupyter server for the length of one command.
import { startServer } from "../../lab/server/start-server.ts";
import type { ServerAddress } from "./jupyter-client.ts";

/** A server that one command started and must close. */
export interface LocalServer extends ServerAddress {
  /** Ends its kernels; resolves when nothing is left. */
  close(): Promise<void>;
}

/** Starts the server on the folder `root`, on a free port of this machine only. */
export async function startLocalServer(root: string): Promise<LocalServer> {
  // Notebooks are only read here, so a folder in which nothing can be saved is as good as any.
  const server = await startServer({ root, allowReadOnlyRoot: true });
  return { url: server.url, token: server.token, close: () => server.close() };
}
