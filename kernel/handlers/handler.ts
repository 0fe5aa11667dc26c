// What a request handler is given and what it answers.
import type { LateDebugger } from "../debug/late-debugger.ts";
import type { Session } from "../execute/session.ts";
import type { LanguageService } from "../language/language-service.ts";
import type { History } from "../history/history.ts";
import type { ConnectionInfo } from "../protocol/connection-file.ts";
import type { JsonObject, Message } from "../protocol/message.ts";
import type { Publisher } from "../transport/publisher.ts";

/** Key of a reply's message-level metadata among its content; it is not sent as content. */
export const REPLY_METADATA: unique symbol = Symbol("metadata of the reply");

/** The content of a reply. */
export type ReplyContent = JsonObject & { readonly [REPLY_METADATA]?: JsonObject };

/** A question of a running cell. */
export interface InputQuestion {
  readonly cell: number;
  readonly prompt: string;
  readonly isPassword: boolean;
}

/** Shells beside the main one. */
export interface Subshells {
  /** Opens one. @returns its id */
  create(): string;
  /** Closes one. @returns false when there is none of this id */
  delete(id: string): boolean;
  /** The ids of those that are open. */
  list(): string[];
}

/** The kernel, as handlers see it. */
export interface KernelContext {
  readonly session: Session;
  readonly language: LanguageService;
  readonly publisher: Publisher;
  readonly history: History;
  /** Where the kernel's sockets are. */
  readonly connection: ConnectionInfo;
  readonly debugAdapter: LateDebugger;
  /** Version of this kernel. */
  readonly version: string;
  /** Asks the client of `request` a question; the answer goes to the session. */
  readonly requestInput: (request: Message, question: InputQuestion) => void;
  /** Aborts the cells that wait behind `request`, which has failed, in the same shell. */
  readonly abortWaitingCells: (request: Message) => void;
  readonly subshells: Subshells;
  /** Ends the kernel after the current request. */
  readonly shutDown: () => void;
}

/**
 * Answers one kind of request.
 *
 * @returns the content of the reply; undefined when the message gets none
 */
export type Handler = (
  request: Message,
  kernel: KernelContext,
) => ReplyContent | undefined | Promise<ReplyContent | undefined>;
