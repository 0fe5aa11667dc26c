// Starts and stops a Jupyter server on one folder.
import { randomBytes, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { Server } from "node:http";
import { join } from "node:path";
import type { KernelSpec } from "../../kernel/protocol/kernel-spec.ts";
import { allRoutes } from "./all-routes.ts";
import { Guard } from "./auth/guard.ts";
import { Root } from "./contents/root.ts";
import { ServerStartError } from "./errors.ts";
import { listen } from "./http/listen.ts";
import { Router } from "./http/router.ts";
import { serveRequest } from "./http/service.ts";
import { findInstallation } from "./installation.ts";
import { KernelManager } from "./kernels/kernel-manager.ts";
import { openRoot } from "./open-root.ts";
import { recordServer, refuseSecondServer } from "./root-lock.ts";
import { stateFolders } from "./state-folder.ts";
import { EventBus } from "./websocket/events.ts";
import { Websockets } from "./websocket/upgrade.ts";

/** Longer than any pause in which clients use a connection again: one closed under a request fails it. */
const IDLE_CONNECTION_MS = 30_000;

/** How a server is started. Only `root` is needed. */
export interface ServerOptions {
  /** The folder whose files and notebooks are served. */
  readonly root: string;
  /** Port on 127.0.0.1; 0 (the default) for any free one. */
  readonly port?: number;
  /** The secret that opens the server; a random one by default. */
  readonly token?: string;
  /** Kernels besides gradlab's own and those installed for Jupyter. */
  readonly kernelSpecs?: Readonly<Record<string, KernelSpec>>;
  /** Kernel for notebooks that name none; gradlab's own by default. */
  readonly defaultKernel?: string;
  /** Variables that every kernel gets. */
  readonly kernelEnv?: Readonly<Record<string, string>>;
  /** The built JupyterLab page; by default that of this installation. Until it is built, `/lab` says how to build it. */
  readonly pageFolder?: string;
  /** Plugins of the page to turn off besides those that cannot work here. */
  readonly disabledExtensions?: readonly string[];
  /** Where settings, workspaces and trust are kept; the user's data folder by default. */
  readonly stateFolder?: string;
  /** True to refuse a folder that another such server already serves. */
  readonly isExclusive?: boolean;
  /** True to serve a folder in which nothing can be saved. */
  readonly allowReadOnlyRoot?: boolean;
  /** Names besides localhost under which the server may be reached. */
  readonly hostnames?: readonly string[];
  /** Told in one line about failures and dead kernels. */
  readonly log?: (line: string) => void;
  /** Called when a client asks the server to shut down; by default it just closes. */
  readonly onShutdown?: () => void;
}

/** A server that runs. */
export interface RunningServer {
  /** Base address with a slash at the end. */
  readonly url: string;
  /** Address that opens the lab in a browser; it holds the token. */
  readonly labUrl: string;
  readonly token: string;
  readonly port: number;
  /** An address that logs one browser in, once, within two minutes: the address to start a program with. */
  openingUrl(path: string): string;
  /** Ends kernels and connections; resolves when nothing is left. */
  close(): Promise<void>;
}

/**
 * Starts a server.
 *
 * @throws {ServerStartError} when the folder or the port cannot be used
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { log = (): void => undefined, isExclusive = false } = options;
  const token = options.token ?? randomBytes(24).toString("hex");
  checkToken(token);
  const root = new Root(await openRoot(options.root, options.allowReadOnlyRoot ?? false));
  const state = stateFolders(options.stateFolder);
  if (isExclusive) await refuseSecondServer(state.servers, root.folder);
  const kernels = await KernelManager.create({
    specs: options.kernelSpecs ?? {},
    defaultKernel: options.defaultKernel,
    env: options.kernelEnv ?? {},
    token,
    log,
  });
  const http = createServer({ keepAliveTimeout: IDLE_CONNECTION_MS });
  const port = await listen(http, options.port ?? 0).catch(async (error: unknown) => {
    await kernels.close();
    throw error;
  });
  const guard = new Guard({ token, port, hostnames: options.hostnames ?? [] });
  const events = new EventBus();
  const websockets = new Websockets({ guard, kernels, events, log });
  const instance = randomUUID();
  const url = `http://127.0.0.1:${port}/`;
  const labUrl = `${url}lab?token=${token}`;
  let forget: () => Promise<void> = () => Promise.resolve();
  const close = once(async () => {
    await closeAll(http, websockets, kernels);
    await forget();
  });
  const onShutdown = options.onShutdown ?? ((): void => void close());
  const pageFolder = options.pageFolder ?? join(findInstallation(), "dist", "lab", "page");
  const { disabledExtensions = [] } = options;
  const services = { root, guard, kernels, events, state, instance, pageFolder };
  const router = new Router(allRoutes({ ...services, disabledExtensions, onShutdown }));
  http.on("request", (request, response) => {
    void serveRequest(request, response, { guard, router, log });
  });
  http.on("upgrade", (request, connection, head) => websockets.accept(request, connection, head));
  if (isExclusive) {
    const record = { root: root.folder, pid: process.pid, port, instance, url: labUrl };
    forget = await recordServer(state.servers, record).catch((error: Error) => {
      log(`cannot remember this server for later ones: ${error.message}`);
      return forget;
    });
  }
  const openingUrl = (path: string): string => `${url}${path}?ticket=${guard.issueTicket()}`;
  return { url, labUrl, token, port, openingUrl, close };
}

function checkToken(token: string): void {
  if (/^[\w.~-]{8,}$/.test(token)) return;
  throw new ServerStartError(
    "LAB_BAD_OPTION",
    `The token must be at least 8 letters, digits or the marks . _ ~ -, got ${token.length} characters. Leave it out to get a random one.`,
  );
}

async function closeAll(
  http: Server,
  websockets: Websockets,
  kernels: KernelManager,
): Promise<void> {
  const hasClosed = new Promise((resolve) => http.close(resolve));
  http.closeIdleConnections();
  await kernels.close();
  websockets.close();
  http.closeAllConnections();
  await hasClosed;
}

function once(action: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | undefined;
  return () => (result ??= action());
}
