// inspect_request: what the word at the cursor is. Answered at once, also while a cell runs.
import { offsetOfCursor } from "../assist/cursor.ts";
import { documentationBundle } from "../assist/documentation.ts";
import { inspectCell } from "../assist/inspect.ts";
import { textOf } from "../protocol/message.ts";
import { assistSources } from "./assist-sources.ts";
import type { Handler } from "./handler.ts";

/** Answers `inspect_request`; with `detail_level: 1`, the source is shown. */
export const inspect: Handler = async ({ content }, kernel) => {
  const code = textOf(content, "code");
  const offset = offsetOfCursor(code, content["cursor_pos"]);
  const wantsSource = content["detail_level"] === 1;
  const found = await inspectCell({ code, offset, wantsSource }, assistSources(kernel));
  const data = found ? await documentationBundle(found) : {};
  return { status: "ok", found: found !== undefined, data, metadata: {} };
};
