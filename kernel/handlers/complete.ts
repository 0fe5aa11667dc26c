// complete_request: what may stand at the cursor. Answered at once, also while a cell runs.
import { completeCell } from "../assist/complete.ts";
import { completionReply } from "../assist/completion-reply.ts";
import { offsetOfCursor } from "../assist/cursor.ts";
import { textOf } from "../protocol/message.ts";
import { assistSources } from "./assist-sources.ts";
import type { Handler } from "./handler.ts";

/** Answers `complete_request`. */
export const complete: Handler = async ({ content }, kernel) => {
  const code = textOf(content, "code");
  const offset = offsetOfCursor(code, content["cursor_pos"]);
  return completionReply(code, await completeCell(code, offset, assistSources(kernel)));
};
