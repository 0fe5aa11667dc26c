// A cell that asks what a name is, `Math.max?`, or how it is written, `Math.max??`: answered with a page.
import type { JsonObject } from "../protocol/message.ts";
import type { KernelContext } from "./handler.ts";

/** In TypeScript none of these is a program, so no cell loses its meaning. */
const QUESTION =
  /^\s*(\?{0,2})([\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*(?:\.[\p{ID_Start}$_#][\p{ID_Continue}$\u200c\u200d]*)*)(\?{0,2})\s*$/u;

/** What a cell asks for. */
export interface PageQuestion {
  /** A name, with dots. */
  readonly name: string;
  readonly wantsSource: boolean;
}

/** Reads a question; undefined for every other cell. */
export function readQuestion(code: string): PageQuestion | undefined {
  const [, before = "", name = "", after = ""] = QUESTION.exec(code) ?? [];
  const marks = before.length + after.length;
  return marks === 0 || marks > 2 ? undefined : { name, wantsSource: marks === 2 };
}

/** The payload that shows the page; undefined when nothing is known of the name. */
export async function answerQuestion(
  { name, wantsSource }: PageQuestion,
  kernel: KernelContext,
): Promise<JsonObject | undefined> {
  const { lookUp } = await import("./inspect.ts");
  const data = await lookUp({ code: name, offset: name.length, wantsSource }, kernel);
  return data && { source: "page", start: 0, data };
}
