// What a request handler is given and what it answers.
import type { DebugAdapter } from "../debug/debug-adapter.ts";
import type { Session } from "../execute/session.ts";
import type { LanguageService } from "../language/language-service.ts";
import type { JsonObject, Message } from "../protocol/message.ts";
import type { Publisher } from "../transport/publisher.ts";

/** Key of a reply's message-level metadata among its content; it is not sent as content. */
export const REPLY_METADATA: unique symbol = Symbol("metadata of the reply");

/** The content of a reply. */
export type ReplyContent = JsonObject & { readonly [REPLY_METADATA]?: JsonObject };

/** The kernel, as handlers see it. */
export interface KernelContext {
  readonly session: Session;
  readonly language: LanguageService;
  readonly publisher: Publisher;
  readonly debugAdapter: DebugAdapter;
  /** Version of this kernel. */
  readonly version: string;
  /** Asks the client of `request` a question; the answer goes to the session. */
  readonly requestInput: (request: Message, prompt: string, isPassword: boolean) => void;
  /** Aborts the cells that wait behind a failed one. */
  readonly abortWaitingCells: () => void;
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
