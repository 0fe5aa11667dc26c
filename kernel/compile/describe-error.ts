// The traceback of a notebook: what was thrown, where in TypeScript, why, and what to do about it.
import { stripVTControlCharacters } from "node:util";
import { paint } from "./excerpt.ts";
import { asInSource } from "./globals.ts";
import type { ErrorReport } from "./syntax-error.ts";
import type { ThrownValue } from "./thrown-value.ts";
import { showFrames, type TracebackOptions } from "./traceback-frames.ts";

/** A longer message is cut in the traceback; `evalue` keeps more of it. */
const LONGEST_MESSAGE = 4000;
const MOST_MESSAGE_LINES = 60;

/** The content of a Jupyter `error` message for what a cell threw. */
export function describeError(caught: ThrownValue, options: TracebackOptions): ErrorReport {
  const thrown = withSourceNames(caught);
  const traceback = paragraphs(thrown, options, "");
  const hint = hintFor(caught);
  if (hint) traceback.push(`${paint.strong("Fix")}: ${hint}`);
  return { ename: thrown.name, evalue: thrown.message, traceback };
}

/** V8 speaks of variables as they are called in the running JavaScript. */
function withSourceNames(thrown: ThrownValue): ThrownValue {
  const { message, stack, cause, errors } = thrown;
  return {
    ...thrown,
    message: asInSource(message),
    stack: asInSource(stack),
    ...(cause ? { cause: withSourceNames(cause) } : {}),
    ...(errors ? { errors: errors.map(withSourceNames) } : {}),
  };
}

function paragraphs(thrown: ThrownValue, options: TracebackOptions, lead: string): string[] {
  const frames = showFrames(thrown, options);
  const parts = [lead + headline(thrown), ...frames];
  for (const [index, error] of (thrown.errors ?? []).entries()) {
    parts.push(...paragraphs(error, options, `${paint.strong(`[${index + 1}]`)} `));
  }
  let { cause } = thrown;
  while (cause && isToldBy({ message: thrown.message, frames }, cause, options))
    ({ cause } = cause);
  if (cause) parts.push(...paragraphs(cause, options, `\n${paint.strong("Caused by")} `));
  return parts;
}

/** An error that quotes the whole message of its cause, which comes from the same lines, leaves nothing to tell. */
function isToldBy(
  outer: { message: string; frames: readonly string[] },
  { isError, message, ...rest }: ThrownValue,
  options: TracebackOptions,
): boolean {
  if (!isError || message === "" || !outer.message.includes(message)) return false;
  const known = linesOf(outer.frames);
  return linesOf(showFrames({ isError, message, ...rest }, options)).every((line) =>
    known.includes(line),
  );
}

/** The lines that frames stand in, such as `cell 4, line 7`. */
const linesOf = (frames: readonly string[]): string[] =>
  frames.flatMap(
    (frame) => /^ {2}at (.+? line \d+)/.exec(stripVTControlCharacters(frame))?.[1] ?? [],
  );

function headline({ isError, name, message, details }: ThrownValue): string {
  const text = shortened(message);
  const title = `${paint.strong(name)}${text === "" ? "" : `: ${text}`}`;
  const line = isError ? title : `${paint.strong("Uncaught")} ${text}`;
  return details === "" ? line : `${line}\n${paint.faint(details)}`;
}

/** The first part of a long message, and how much is missing. */
function shortened(message: string): string {
  const lines = message.split("\n", MOST_MESSAGE_LINES + 1);
  const kept = lines.slice(0, MOST_MESSAGE_LINES).join("\n").slice(0, LONGEST_MESSAGE);
  const missing = message.length - kept.length;
  return missing === 0 ? message : `${kept}\n${paint.faint(`... ${missing} more characters`)}`;
}

function hintFor({ name, message }: ThrownValue): string | undefined {
  if (name !== "ReferenceError") return undefined;
  const forgotten = /^(.+)_was_reset is not defined$/.exec(message)?.[1];
  if (forgotten) return `%reset has forgotten ${forgotten}. Run the cell that declares it again.`;
  const missing = /^(.+) is not defined$/.exec(asInSource(message))?.[1];
  if (missing) {
    return `No cell that has run declares ${missing}. Run the cell that declares it, or check the spelling.`;
  }
  const early = /^Cannot access '(.+)' before initialization$/.exec(asInSource(message))?.[1];
  return early
    ? `${early} has no value yet: it is used above its declaration, or its cell stopped before that line. Move the use below, or run that cell again.`
    : undefined;
}
