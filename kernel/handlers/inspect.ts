// inspect_request: what the word at the cursor is. Answered at once, also while a cell runs.
import { offsetOfCursor } from "../assist/cursor.ts";
import { documentationBundle } from "../assist/documentation.ts";
import { inspectCell } from "../assist/inspect.ts";
import { textOf } from "../protocol/message.ts";
import { assistSources } from "./assist-sources.ts";
import type { MimeBundle } from "../display/mime-bundle.ts";
import type { Handler, KernelContext } from "./handler.ts";

/** Answers `inspect_request`; with `detail_level: 1`, the source is shown. */
export const inspect: Handler = async ({ content }, kernel) => {
  const code = textOf(content, "code");
  const offset = offsetOfCursor(code, content["cursor_pos"]);
  const wantsSource = content["detail_level"] === 1;
  const data = await lookUp({ code, offset, wantsSource }, kernel);
  return { status: "ok", found: data !== undefined, data: data ?? {}, metadata: {} };
};

/** What is known of the word at `offset`, by mime type; undefined when nothing is. */
export async function lookUp(
  place: Parameters<typeof inspectCell>[0],
  kernel: KernelContext,
): Promise<MimeBundle | undefined> {
  const found = await inspectCell(place, assistSources(kernel));
  return found && (await documentationBundle(found));
}
