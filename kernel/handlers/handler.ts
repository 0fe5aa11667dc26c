// What a request handler is given and what it answers.
import type { DebugAdapter } from "../debug/debug-adapter.ts";
import type { Session } from "../execute/session.ts";
import type { LanguageService } from "../language/language-service.ts";
import type { JsonObject, Message } from "../protocol/message.ts";
import type { Publisher } from "../transport/publisher.ts";

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
) => JsonObject | undefined | Promise<JsonObject | undefined>;
