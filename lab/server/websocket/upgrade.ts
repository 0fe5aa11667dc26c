// Turns admitted requests into websockets, keeps them alive, and refuses the others before the upgrade.
import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import type { Guard } from "../auth/guard.ts";
import { HttpError } from "../errors.ts";
import type { KernelManager } from "../kernels/kernel-manager.ts";
import type { EventBus } from "./events.ts";
import { serveKernelChannels } from "./kernel-channels.ts";
import { V1_PROTOCOL } from "./v1-frames.ts";

const PING_MS = 30_000;
const LARGEST_MESSAGE = 128 * 2 ** 20;

/** Everything that a websocket may be connected with. */
export interface WebsocketServices {
  readonly guard: Guard;
  readonly kernels: KernelManager;
  readonly events: EventBus;
  readonly log: (line: string) => void;
}

/** The websockets of one server. */
export class Websockets {
  readonly #services: WebsocketServices;
  readonly #server: WebSocketServer = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_MESSAGE,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(V1_PROTOCOL) ? V1_PROTOCOL : false),
  });

  constructor(services: WebsocketServices) {
    this.#services = services;
  }

  /** Answers one upgrade request. */
  accept(request: IncomingMessage, connection: Duplex, head: Buffer): void {
    connection.on("error", () => undefined);
    try {
      const serve = this.#route(request);
      this.#server.handleUpgrade(request, connection, head, (socket) => {
        keepAlive(socket);
        serve(socket);
      });
    } catch (error) {
      refuse(connection, error instanceof HttpError ? error.status : 400);
    }
  }

  /** Cuts all websockets. */
  close(): void {
    for (const socket of this.#server.clients) socket.terminate();
    this.#server.close();
  }

  #route(request: IncomingMessage): (socket: WebSocket) => void {
    const { guard, kernels, events, log } = this.#services;
    const url = new URL(request.url ?? "/", "http://localhost");
    guard.checkWebsocket(request, url);
    if (url.pathname === "/api/events/subscribe") return (socket) => events.subscribe(socket);
    const id = /^\/api\/kernels\/([\w-]+)\/channels$/.exec(url.pathname)?.[1];
    if (id === undefined) throw new HttpError(404, "No websocket here. Check the address.");
    const kernel = kernels.get(id);
    const sessionId = url.searchParams.get("session_id") || randomUUID();
    return (socket) => serveKernelChannels(socket, kernel, sessionId, log);
  }
}

function refuse(connection: Duplex, status: number): void {
  connection.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
    () => connection.destroy(),
  );
}

/** A connection that does not answer a ping until the next one is gone. */
function keepAlive(socket: WebSocket): void {
  let isAnswering = true;
  socket.on("pong", () => {
    isAnswering = true;
  });
  const timer = setInterval(() => {
    if (!isAnswering) socket.terminate();
    isAnswering = false;
    socket.ping();
  }, PING_MS);
  timer.unref();
  socket.on("close", () => clearInterval(timer));
}
