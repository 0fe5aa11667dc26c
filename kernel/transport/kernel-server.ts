// The kernel on its sockets: receives requests, calls their handlers in the right order, sends the answers.
import { randomUUID } from "node:crypto";
import type { Router } from "zeromq";
import type { Session } from "../execute/session.ts";
import { LateDebugger } from "../debug/late-debugger.ts";
import type { LanguageService } from "../language/language-service.ts";
import {
  REPLY_METADATA,
  type InputQuestion,
  type KernelContext,
  type ReplyContent,
} from "../handlers/handler.ts";
import { unknownSubshell } from "../handlers/subshells.ts";
import type { History } from "../history/history.ts";
import { ROUTES, type Route } from "../handlers/table.ts";
import type { ConnectionInfo } from "../protocol/connection-file.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { decodeFrames, encodeMessage } from "../protocol/frames.ts";
import { createMessage, type Header, type Message } from "../protocol/message.ts";
import { checkContent } from "../protocol/request-content.ts";
import { ReplayGuard, Signer } from "../protocol/signature.ts";
import { Publisher, type Publish } from "./publisher.ts";
import { Questions } from "./questions.ts";
import { awaitingPeer, AwaitedSubscriber } from "./awaited-peer.ts";
import { SendQueue } from "./send-queue.ts";
import { Shells, type Request, type Shell } from "./shells.ts";
import { closeSockets, type KernelSockets } from "./sockets.ts";

/** Bytes that may wait to be published before the running cell is made to wait. */
const MOST_WAITING_BYTES = 8 * 1024 * 1024;

/** What a server is made of. */
export interface ServerParts {
  readonly connection: ConnectionInfo;
  readonly sockets: KernelSockets;
  readonly session: Session;
  readonly language: LanguageService;
  readonly history: History;
  readonly version: string;
  /** Told about messages that were refused and sends that failed. */
  readonly log: (text: string) => void;
}

/** Serves one session. */
export class KernelServer {
  readonly #parts: ServerParts;
  readonly #signer: Signer;
  readonly #replays = new ReplayGuard();
  readonly #sessionId = randomUUID();
  readonly #iopub: SendQueue;
  readonly #subscriber: AwaitedSubscriber;
  readonly #stdin: SendQueue;
  readonly #queues: SendQueue[] = [];
  readonly #publisher: Publisher;
  readonly #context: KernelContext;
  readonly #questions = new Questions();
  readonly #shells = new Shells((request, shell) => this.#handleInTurn(request, shell));
  #isShuttingDown = false;
  #onEnd = (): void => undefined;

  constructor(parts: ServerParts) {
    this.#parts = parts;
    this.#signer = new Signer(parts.connection.key, parts.connection.signatureScheme);
    this.#subscriber = new AwaitedSubscriber(parts.sockets.iopub);
    this.#iopub = this.#queueFor(this.#subscriber);
    this.#stdin = this.#queueFor(awaitingPeer(parts.sockets.stdin));
    this.#publisher = new Publisher((...message) => this.#publish(...message));
    this.#context = {
      session: parts.session,
      language: parts.language,
      history: parts.history,
      connection: parts.connection,
      publisher: this.#publisher,
      debugAdapter: new LateDebugger({
        session: parts.session,
        publish: (event, parent) => this.#publisher.send("debug_event", event, parent),
        teach: (code) =>
          parts.language.remember(parts.language.draft(code), parts.session.executionCount),
      }),
      version: parts.version,
      requestInput: (request, question) => this.#ask(request, question),
      abortWaitingCells: (request) => this.#shells.of(request)?.abortWaitingCells(),
      subshells: {
        create: () => this.#shells.create(),
        list: () => this.#shells.list(),
        delete: (id) => this.#deleteSubshell(id),
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
    this.#subscriber.start();
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
      const type = message.header.msg_type;
      const route = Object.hasOwn(ROUTES, type) ? ROUTES[type] : undefined;
      if (!route) {
        this.#parts.log(`no handler for a message of type ${type}`);
        return;
      }
      const request = { message, queue, route };
      const shell = this.#shells.of(message);
      if (!shell) this.#refuse(request, unknownSubshell(message.header.subshell_id ?? ""));
      else if (route.waitsForCells) shell.push(request);
      else void this.#handleAtOnce(request);
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

  async #handleInTurn(request: Request, shell: Shell): Promise<void> {
    await this.#handle(request, shell);
    this.#remindOfRunning(request);
  }

  async #handleAtOnce(request: Request): Promise<void> {
    await this.#handle(request);
    this.#remindOfRunning(request);
    if (this.#isShuttingDown) this.#onEnd();
  }

  /** The idle of a request is not that of the kernel: front ends show the last status they saw. */
  #remindOfRunning(handled: Request): void {
    const running = this.#shells.running().find((request) => request !== handled);
    if (running) this.#status("busy", running.message.header);
  }

  async #handle(request: Request, shell?: Shell): Promise<void> {
    const { message, queue, route } = request;
    this.#status("busy", message.header);
    const content = await this.#answer(message, route);
    const aborted = (await shell?.takeAborted()) ?? [];
    this.#questions.drop(message);
    if (content) this.#reply(queue, content, message);
    this.#status("idle", message.header);
    for (const waiting of aborted) this.#abort(waiting);
  }

  async #answer(message: Message, route: Route): Promise<ReplyContent | undefined> {
    try {
      checkContent(message);
      return await route.handler(message, this.#context);
    } catch (error) {
      const { name, message: text, stack } = error as Error;
      const isTheirs = error instanceof ProtocolError;
      this.#parts.log(`${message.header.msg_type} failed: ${isTheirs ? text : stack}`);
      if (message.header.msg_type.startsWith("comm_")) return undefined;
      return {
        status: "error",
        ename: name,
        evalue: text,
        traceback: isTheirs ? [] : [String(stack)],
      };
    }
  }

  /** Answers a request that no handler gets to see. */
  #refuse({ message, queue }: Request, content: ReplyContent): void {
    this.#status("busy", message.header);
    this.#reply(queue, content, message);
    this.#status("idle", message.header);
  }

  #abort(request: Request): void {
    const count = this.#parts.session.executionCount;
    this.#refuse(request, { status: "aborted", execution_count: count });
  }

  #deleteSubshell(id: string): boolean {
    const waiting = this.#shells.delete(id);
    for (const request of waiting ?? []) this.#abort(request);
    return waiting !== undefined;
  }

  #ask(request: Message, { cell, prompt, isPassword }: InputQuestion): void {
    const content = { prompt, password: isPassword };
    const { msg_id: id } = this.#send(this.#stdin, "input_request", content, request);
    this.#questions.add({ cell, id, request });
  }

  #receiveInput(frames: Uint8Array[]): void {
    const message = this.#decode(frames);
    if (!message) return;
    const question = this.#questions.take(message);
    const value = message.content["value"];
    if (message.header.msg_type !== "input_reply" || typeof value !== "string" || !question) {
      this.#parts.log(`an answer was dropped: it must be an input_reply of who was asked`);
      return;
    }
    this.#parts.session.answer({ type: "input", cell: question.cell, value });
  }

  /** Tells a new subscriber that it is heard from now on (Jupyter enhancement proposal 65). */
  #welcome(frame: Uint8Array | undefined): void {
    if (frame?.[0] !== 1) return;
    this.#subscriber.start();
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

  #reply(queue: SendQueue, content: ReplyContent, request: Message): void {
    const asked = request.header.msg_type;
    const type = asked.replace(/_request$/, "_reply");
    // Comm messages have no reply.
    if (type !== asked) this.#send(queue, type, content, request);
  }

  #send(queue: SendQueue, type: string, content: ReplyContent, request: Message): Header {
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
    return message.header;
  }
}
