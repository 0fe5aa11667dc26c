// The content of complete_reply: what a client inserts, and what JupyterLab shows beside it.
import type { JsonObject } from "../protocol/message.ts";
import type { CandidateKind } from "./candidates.ts";
import { cursorOfOffset } from "./cursor.ts";

/** One offer. */
export interface Completion {
  /** Replaces the code from `start` to `end` of the list. */
  readonly text: string;
  readonly kind: CandidateKind;
  readonly signature?: string;
  /** Markdown. */
  readonly documentation?: string;
}

/** All offers for one cursor, in UTF-16 offsets. */
export interface Completions {
  readonly start: number;
  readonly end: number;
  readonly items: readonly Completion[];
}

/** The reply; its cursors count code points. */
export function completionReply(code: string, { start, end, items }: Completions): JsonObject {
  const cursorStart = cursorOfOffset(code, start);
  const cursorEnd = cursorOfOffset(code, end);
  return {
    status: "ok",
    matches: items.map(({ text }) => text),
    cursor_start: cursorStart,
    cursor_end: cursorEnd,
    metadata: {
      _jupyter_types_experimental: items.map(({ text, kind, signature, documentation }) => ({
        start: cursorStart,
        end: cursorEnd,
        text,
        type: kind,
        ...(signature === undefined ? {} : { signature }),
        ...(documentation === undefined ? {} : { documentation }),
      })),
    },
  };
}
