// history_request: cells that were run, by this kernel and by those before it.
import type { HistoryEntry } from "../history/history-entry.ts";
import type { History } from "../history/history.ts";
import { textOf, type JsonObject } from "../protocol/message.ts";
import type { Handler } from "./handler.ts";

/** Cells that a client gets when it does not say how many it wants. */
const DEFAULT_TAIL = 1000;

/** Answers `history_request`. `raw` makes no difference: a cell is kept as it was typed. */
export const history: Handler = async ({ content }, kernel) => {
  const entries = await findEntries(content, kernel.history);
  const withOutput = content["output"] === true;
  return {
    status: "ok",
    history: entries.map(({ session, line, source, output }) => [
      session,
      line,
      withOutput ? [source, output ?? null] : source,
    ]),
  };
};

function findEntries(content: JsonObject, kept: History): Promise<HistoryEntry[]> {
  const number = (field: string): number | undefined => {
    const value = content[field];
    return typeof value === "number" ? value : undefined;
  };
  switch (content["hist_access_type"]) {
    case "range":
      return kept.range({
        session: number("session") ?? 0,
        start: number("start") ?? 1,
        stop: number("stop"),
      });
    case "search":
      return kept.search({
        pattern: textOf(content, "pattern") || "*",
        most: number("n"),
        isUnique: content["unique"] === true,
      });
    default:
      return kept.tail(number("n") ?? DEFAULT_TAIL);
  }
}
