// is_complete_request: whether a console should run what was typed or offer another line.
import { checkCellComplete } from "../commands/compile-cell.ts";
import { textOf } from "../protocol/message.ts";
import type { Handler } from "./handler.ts";
import { readQuestion } from "./page.ts";

/** Answers `is_complete_request`; the parser decides. */
export const isComplete: Handler = ({ content }) => {
  if (readQuestion(textOf(content, "code"))) return { status: "complete" };
  const { status, indent } = checkCellComplete(textOf(content, "code"));
  return status === "incomplete" ? { status, indent } : { status };
};
