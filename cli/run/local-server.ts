// Our own Jupyter server for the length of one command.
import { ServerStartError } from "../../lab/server/errors.ts";
import { startServer } from "../../lab/server/start-server.ts";
import { CommandError, EXIT } from "../exit-codes.ts";
import type { ServerAddress } from "./jupyter-client.ts";

/** A server that one command started and must close. */
export interface LocalServer extends ServerAddress {
  /** Ends its kernels; resolves when nothing is left. */
  close(): Promise<void>;
}

/**
 * The message and exit code for a server that could not start.
 *
 * @returns other errors as they are
 */
export function explainStart(error: unknown): unknown {
  if (!(error instanceof ServerStartError)) return error;
  const isMachine = error.code === "LAB_NO_TEMPORARY_FOLDER";
  const exitCode = isMachine ? EXIT.machineLacks : EXIT.wrongUse;
  return new CommandError(error.message, exitCode, { cause: error });
}

/** Starts the server on the folder `root`, on a free port of this machine only. */
export async function startLocalServer(root: string): Promise<LocalServer> {
  // Notebooks are only read here, so a folder in which nothing can be saved is as good as any.
  const server = await startServer({ root, allowReadOnlyRoot: true }).catch((error: unknown) => {
    throw explainStart(error);
  });
  return { url: server.url, token: server.token, close: () => server.close() };
}
