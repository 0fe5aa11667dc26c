// The traceback of a notebook: cell and TypeScript line first, the source around it, libraries folded.
import { paint, sourceExcerpt } from "./excerpt.ts";
import { parseStack } from "./stack-frames.ts";
import type { StackFrame, StackOptions } from "./stack-frames.ts";
import type { ErrorReport } from "./syntax-error.ts";
import type { ThrownValue } from "./thrown-value.ts";

const MOST_FRAMES = 12;

/** The content of a Jupyter `error` message for what a cell threw. */
export function describeError(thrown: ThrownValue, options: StackOptions): ErrorReport {
  const traceback = paragraphs(thrown, options, "");
  const hint = hintFor(thrown);
  if (hint) traceback.push(`${paint.strong("Fix")}: ${hint}`);
  return { ename: thrown.name, evalue: thrown.message, traceback };
}

function paragraphs(thrown: ThrownValue, options: StackOptions, lead: string): string[] {
  const parts = [lead + headline(thrown), ...framesOf(thrown, options).map(showFrame(new Set()))];
  for (const [index, error] of (thrown.errors ?? []).entries()) {
    parts.push(...paragraphs(error, options, `${paint.strong(`[${index + 1}]`)} `));
  }
  if (thrown.cause) {
    parts.push(...paragraphs(thrown.cause, options, `\n${paint.strong("Caused by")} `));
  }
  return parts;
}

function headline({ isError, name, message, details }: ThrownValue): string {
  const title = `${paint.error(name)}${message === "" ? "" : `: ${message}`}`;
  const line = isError ? title : `${paint.error("Uncaught")} ${message}`;
  return details === "" ? line : `${line}\n${paint.faint(details)}`;
}

type ShownFrame = StackFrame | { kind: "folded"; library: string; count: number };

function framesOf(thrown: ThrownValue, options: StackOptions): ShownFrame[] {
  const { isError, message, stack, isMapped = false } = thrown;
  // A message of several lines may quote a stack.
  const header = isError && message !== "" ? stack.indexOf(message) : -1;
  const stackText = header > 0 ? stack.slice(header + message.length) : stack;
  const frames = parseStack(stackText, { ...options, isMapped });
  const last = frames.findLastIndex((frame) => frame.kind === "cell" || frame.kind === "file");
  const folded = foldLibraries(frames.slice(0, last + 1));
  return folded.slice(0, MOST_FRAMES);
}

/** Neighbouring frames of one library become one; calls of built-ins in between are left out. */
function foldLibraries(frames: readonly StackFrame[]): ShownFrame[] {
  const shown: ShownFrame[] = [];
  for (const frame of frames) {
    if (frame.kind === "builtin") continue;
    const previous = shown.at(-1);
    if (previous?.kind === "cell" && isSameLine(previous, frame)) {
      // An arrow function inside `forward` and `forward` itself, or a recursion: one line is enough.
      shown[shown.length - 1] = { ...frame, at: previous.at };
      continue;
    }
    if (frame.kind !== "library") shown.push(frame);
    else if (previous?.kind === "folded" && previous.library === frame.library) previous.count++;
    else shown.push({ kind: "folded", library: frame.library, count: 1 });
  }
  return shown;
}

type CellFrame = Extract<StackFrame, { kind: "cell" }>;

function isSameLine(previous: CellFrame, frame: StackFrame): frame is CellFrame {
  if (frame.kind !== "cell") return false;
  const isNested = previous.functionName === "" || previous.functionName === frame.functionName;
  return (
    isNested && previous.cell.number === frame.cell.number && previous.at.line === frame.at.line
  );
}

/** Shows a frame; the first one with its neighbourhood, and no line twice with its source. */
function showFrame(seen: Set<string>): (frame: ShownFrame) => string {
  return (frame) => {
    if (frame.kind === "folded") {
      const plural = frame.count === 1 ? "frame" : "frames";
      return paint.faint(`(${frame.count} ${plural} in ${frame.library})`);
    }
    if (frame.kind === "library" || frame.kind === "builtin") return "";
    if (frame.kind === "file")
      return `  at ${paint.place(frame.functionName || "top level")} ${location(frame)}`;
    const { cell, at, functionName } = frame;
    const name = functionName === "" ? "" : `, in ${functionName}`;
    const place = paint.place(`cell ${cell.number}, line ${at.line + 1}${name}`);
    const title = `  at ${place} ${location(frame)}`;
    const key = `${cell.number}:${at.line}`;
    if (seen.has(key)) return title;
    const excerpt = sourceExcerpt(cell.source, at, seen.size === 0 ? {} : { contextLines: 0 });
    seen.add(key);
    return [title, ...excerpt].join("\n");
  };
}

/** The place as V8 writes it, which editors turn into a link. */
function location({ kind, file, at }: Extract<StackFrame, { kind: "cell" | "file" }>): string {
  const name = kind === "cell" ? file.replace(/.*[/\\]/, "") : file;
  return paint.faint(`(${name}:${at.line + 1}:${at.column + 1})`);
}

function hintFor({ name, message }: ThrownValue): string | undefined {
  if (name !== "ReferenceError") return undefined;
  const missing = /^(.+) is not defined$/.exec(message)?.[1];
  if (missing) {
    return `No cell that has run declares ${missing}. Run the cell that declares it, or check the spelling.`;
  }
  const early = /^Cannot access '(.+)' before initialization$/.exec(message)?.[1];
  return early
    ? `${early} has no value yet: it is used above its declaration, or its cell stopped before that line. Move the use below, or run that cell again.`
    : undefined;
}
