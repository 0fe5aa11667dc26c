// is_complete_request: whether a console should run what was typed or offer another line.
import { checkComplete } from "../compile/check-complete.ts";
import { textOf } from "../protocol/message.ts";
import type { Handler } from "./handler.ts";

/** Answers `is_complete_request`; the parser decides. */
export const isComplete: Handler = ({ content }) => {
  const { status, indent } = checkComplete(textOf(content, "code"));
  return status === "incomplete" ? { status, indent } : { status };
};
