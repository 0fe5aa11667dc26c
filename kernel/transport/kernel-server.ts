// The kernel on its sockets: receives requests, calls their handlers in the right order, sends the answers.
import { randomUUID } from "node:crypto";
import type { Router } from "zeromq";
import type { Session } from "../execute/session.ts";
import { DebugAdapter } from "../debug/debug-adapter.ts";
import type { LanguageService } from "../language/language-service.ts";
import { REPLY_METADATA, type KernelContext, type ReplyContent } from "../handlers/handler.ts";
import { ROUTES, type Route } from "../handlers/table.ts";
import type { ConnectionInfo } from "../protocol/connection-file.ts";
import { decodeFrames, encodeMessage } from "../protocol/frames.ts";
import { createMessage, type Header, type Message } from "../protocol/message.ts";
import { ReplayGuard, Signer } from "../protocol/signature.ts";
import { Publisher, type Publish } from "./publisher.ts";
import { SendQueue } from "./send-queue.ts";
import { closeSockets, type KernelSockets } from "./sockets.ts";

/** Bytes that may wait to be published before the running cell is made to wait. */
const MOST_WAITING_BYTES = 8 * 1024 * 1024;

/** What a server is made of. */
export interface ServerParts {
  readonly connection: ConnectionInfo;
  readonly sockets: KernelSockets;
  readonly session: Session;
  readonly language: LanguageService;
  readonly version: string;
  /** Told about messages that were refused and sends that failed. */
  readonly log: (text: string) => void;
}

interface Request {
  readonly message: Message;
  readonly queue: SendQueue;
  readonly route: Route;
}

/** Serves one session. */
export class KernelServer {
  readonly #parts: ServerParts;
  readonly #signer: Signer;
  readonly #replays = new ReplayGuard();
  readonly #sessionId = randomUUID();
  readonly #iopub: SendQueue;
  readonly #stdin: SendQueue;
  readonly #queues: SendQueue[] = [];
  readonly #publisher: Publisher;
  readonly #context: KernelContext;
  readonly #waiting: Request[] = [];
  #running: Request | undefined;
  #isDraining = false;
  #mustAbort = false;
  #isShuttingDown = false;
  #onEnd = (): void => undefined;

  constructor(parts: ServerParts) {
    this.#parts = parts;
    this.#signer = new Signer(parts.connection.key, parts.connection.signatureScheme);
    this.#iopub = this.#queueFor(parts.sockets.iopub);
    this.#stdin = this.#queueFor(parts.sockets.stdin);
    this.#publisher = new Publisher((...message) => this.#publish(...message));
    this.#context = {
      session: parts.session,
      language: parts.language,
      publisher: this.#publisher,
      debugAdapter: new DebugAdapter(parts.session, (event, parent) =>
        this.#publisher.send("debug_event", event, parent),
      ),
      version: parts.version,
      requestInput: (request, prompt, password) =>
        this.#send(this.#stdin, "input_request", { prompt, password }, request),
      abortWaitingCells: () => {
        this.#mustAbort = true;
      },
      shutDown: () => {
        this.#isShuttingDown = true;
      },
    };
  }

  /** Serves until a client shuts the kernel down. */
  async serve(): Promise<void> {
    const { shell, control, stdin, hb, iopub } = this.#parts.sockets;
    const ended = new Promise<void>((resolve) => {
      this.#onEnd = resolve;
    });
    this.#receiveRequests(shell, this.#queueFor(shell));
    this.#receiveRequests(control, this.#queueFor(control));
    this.#receiveAll(stdin, (frames) => this.#receiveInput(frames));
    const echo = this.#queueFor(hb);
    this.#receiveAll(hb, (frames) => echo.push(frames));
    this.#receiveAll(iopub, ([frame]) => this.#welcome(frame));
    this.#status("starting", undefined);
    await ended;
    await this.close();
  }

  /** Sends what waits, then closes the sockets and ends the session. */
  async close(): Promise<void> {
    this.#publisher.flush();
    this.#parts.session.close();
    this.#parts.language.close();
    await Promise.all(this.#queues.map((queue) => queue.drained()));
    closeSockets(this.#parts.sockets);
  }

  #queueFor(socket: { send(frames: Uint8Array[]): Promise<void> }): SendQueue {
    const queue = new SendQueue(socket, (error) =>
      this.#parts.log(`a message could not be sent: ${String(error)}`),
    );
    this.#queues.push(queue);
    return queue;
  }

  #receiveRequests(socket: Router, queue: SendQueue): void {
    this.#receiveAll(socket, (frames) => {
      const message = this.#decode(frames);
      if (!message) return;
      const route = ROUTES[message.header.msg_type];
      if (!route) {
        this.#parts.log(`no handler for a message of type ${message.header.msg_type}`);
        return;
      }
      const request = { message, queue, route };
      if (route.waitsForCells) {
        this.#waiting.push(request);
        void this.#drain();
      } else {
        void this.#handleAtOnce(request);
      }
    });
  }

  #receiveAll(socket: AsyncIterable<Uint8Array[]>, onFrames: (frames: Uint8Array[]) => void): void {
    const receive = async (): Promise<void> => {
      for await (const frames of socket) onFrames(frames);
    };
    receive().catch((error: unknown) => this.#parts.log(`a socket failed: ${String(error)}`));
  }

  #decode(frames: readonly Uint8Array[]): Message | undefined {
    try {
      return decodeFrames(frames, this.#signer, this.#replays);
    } catch (error) {
      this.#parts.log(`a message was refused: ${(error as Error).message}`);
      return undefined;
    }
  }

  async #drain(): Promise<void> {
    if (this.#isDraining) return;
    this.#isDraining = true;
    for (;;) {
      const request = this.#waiting.shift();
      if (!request) break;
      this.#running = request;
      await this.#handle(request);
      this.#running = undefined;
    }
    this.#isDraining = false;
  }

  async #handleAtOnce(request: Request): Promise<void> {
    await this.#handle(request);
    // The idle of this request is not that of the kernel: front ends show the last status they saw.
    if (this.#running) this.#status("busy", this.#running.message.header);
    if (this.#isShuttingDown) this.#onEnd();
  }

  async #handle({ message, queue, route }: Request): Promise<void> {
    this.#status("busy", message.header);
    const content = await this.#answer(message, route);
    const aborted = this.#mustAbort ? await this.#takeWaitingCells() : [];
    if (content) {
      const type = message.header.msg_type.replace(/_request$/, "_reply");
      this.#send(queue, type, content, message);
    }
    this.#status("idle", message.header);
    for (const request of aborted) this.#abort(request);
  }

  async #answer(message: Message, route: Route): Promise<ReplyContent | undefined> {
    try {
      return await route.handler(message, this.#context);
    } catch (error) {
      const { name, message: text, stack } = error as Error;
      this.#parts.log(`${message.header.msg_type} failed: ${stack}`);
      return { status: "error", ename: name, evalue: text, traceback: [String(stack)] };
    }
  }

  /** Takes the cells that were sent behind a failed one out of the queue, also those that are just arriving. */
  async #takeWaitingCells(): Promise<Request[]> {
    this.#mustAbort = false;
    await new Promise((resolve) => setImmediate(resolve));
    const isCell = ({ message }: Request): boolean => message.header.msg_type === "execute_request";
    const all = this.#waiting.splice(0);
    this.#waiting.push(...all.filter((request) => !isCell(request)));
    return all.filter(isCell);
  }

  #abort({ message, queue }: Request): void {
    this.#status("busy", message.header);
    const content = { status: "aborted", execution_count: this.#parts.session.executionCount };
    this.#send(queue, "execute_reply", content, message);
    this.#status("idle", message.header);
  }

  #receiveInput(frames: Uint8Array[]): void {
    const message = this.#decode(frames);
    if (message?.header.msg_type !== "input_reply") return;
    const value = message.content["value"];
    this.#parts.session.answer({ type: "input", value: typeof value === "string" ? value : "" });
  }

  /** Tells a new subscriber that it is heard from now on (Jupyter enhancement proposal 65). */
  #welcome(frame: Uint8Array | undefined): void {
    if (frame?.[0] !== 1) return;
    const topic = Buffer.from(frame.subarray(1));
    const content = { subscription: topic.toString("utf8") };
    const message = createMessage({
      type: "iopub_welcome",
      session: this.#sessionId,
      content,
      identities: [topic],
    });
    this.#iopub.push(encodeMessage(message, this.#signer));
  }

  #status(state: "starting" | "busy" | "idle", parent: Header | undefined): void {
    this.#publisher.send("status", { execution_state: state }, parent);
  }

  #publish(...[type, content, parent, extras]: Parameters<Publish>): void {
    const identities = [Buffer.from(type)];
    const session = this.#sessionId;
    const message = createMessage({ type, content, parent, identities, session, ...extras });
    this.#iopub.push(encodeMessage(message, this.#signer));
    if (this.#iopub.waitingBytes > MOST_WAITING_BYTES) void this.#letSubscribersCatchUp();
  }

  async #letSubscribersCatchUp(): Promise<void> {
    this.#parts.session.setPaused(true);
    await this.#iopub.drained();
    this.#parts.session.setPaused(false);
  }

  #send(queue: SendQueue, type: string, content: ReplyContent, request: Message): void {
    this.#publisher.flush();
    const message = createMessage({
      type,
      content,
      parent: request.header,
      metadata: content[REPLY_METADATA] ?? {},
      identities: request.identities,
      session: this.#sessionId,
    });
    queue.push(encodeMessage(message, this.#signer));
  }
}
