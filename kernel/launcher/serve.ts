// A kernel on the sockets of a connection file, until a client shuts it down.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { CommandEffect } from "../commands/command.ts";
import { parseConnectionFile, type ConnectionInfo } from "../protocol/connection-file.ts";
import { KernelStartError } from "../transport/errors.ts";
import { Session, type SessionOptions } from "../execute/session.ts";
import { HistoryFolder } from "../history/history-folder.ts";
import { History } from "../history/history.ts";
import { LanguageService } from "../language/language-service.ts";
import { findServer } from "../language/server-program.ts";
import type { TypesMode } from "../language/project-config.ts";
import { KernelServer } from "../transport/kernel-server.ts";
import { openSockets } from "../transport/sockets.ts";
import { userDataFolder } from "./kernelspec.ts";
import { watchParent } from "./parent.ts";

/** How a kernel is started. */
export interface KernelOptions extends SessionOptions {
  readonly connectionFile: string;
  readonly version: string;
  readonly log: (text: string) => void;
}

/**
 * Runs a kernel until it is shut down or its parent process is gone.
 *
 * @throws {KernelStartError} when the connection file cannot be read or a port is taken
 * @throws {ProtocolError} when the connection file is damaged
 */
export async function serveKernel(options: KernelOptions): Promise<void> {
  const connection = await readConnection(options.connectionFile);
  const mode = typesMode(process.env["GRADLAB_TYPES"], options.log);
  const language = new LanguageService({
    ...options,
    mode,
    findServer: () => findServer(process.env["GRADLAB_TSC"]),
  });
  const session = new Session({
    ...options,
    onEffect: (effect) => applyEffect(effect, language),
    onRestart: () => language.forget(),
  });
  const history = new History(historyFolder(process.env), options.log);
  try {
    const sockets = await openSockets(connection);
    const { version, log } = options;
    const server = new KernelServer({
      connection,
      sockets,
      session,
      language,
      history,
      version,
      log,
    });
    const close = (): void =>
      void server
        .close()
        .then(() => history.close())
        .then(() => process.exit(0));
    const survive = (error: unknown): void =>
      log(`an error in the kernel itself: ${String(error)}`);
    process.on("uncaughtException", survive);
    process.on("unhandledRejection", survive);
    process.on("SIGINT", () => {
      language.interrupt();
      session.interrupt();
    });
    process.on("SIGTERM", close);
    watchParent(process.env["JPY_PARENT_PID"], close);
    await server.serve();
  } finally {
    session.close();
    language.close();
    await history.close();
  }
}

/** Where the cells of this user's kernels are kept; undefined when they are not to be. */
function historyFolder(environment: NodeJS.ProcessEnv): HistoryFolder | undefined {
  if (environment["GRADLAB_HISTORY"] === "off") return undefined;
  return new HistoryFolder(
    join(userDataFolder(environment, process.platform), "gradlab", "history"),
  );
}

/** What a cell command changes in what is known of types. @returns text for under the cell */
function applyEffect(effect: CommandEffect, language: LanguageService): string | undefined {
  if (effect.kind === "installed") language.packagesChanged();
  if (effect.kind === "forgotten") language.forget(effect.names);
  if (effect.kind !== "types") return undefined;
  if (effect.mode) language.setMode(effect.mode);
  return `Types are ${language.mode}.\n`;
}

/** What `GRADLAB_TYPES` asks for. */
function typesMode(text: string | undefined, log: (text: string) => void): TypesMode {
  if (text === "off" || text === "on" || text === "strict") return text;
  if (text)
    log(`GRADLAB_TYPES must be off, on or strict, got "${text}"; cells are checked as with on`);
  return "on";
}

async function readConnection(path: string): Promise<ConnectionInfo> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new KernelStartError(
      `the connection file must be readable, but ${path} is not (${(cause as Error).message}). ` +
        "Let a Jupyter client write it and start the kernel.",
      { cause },
    );
  }
  return parseConnectionFile(text);
}
