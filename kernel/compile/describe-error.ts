// The traceback of a notebook: cell and TypeScript line first, the source around it, libraries folded.
import { paint, sourceExcerpt } from "./excerpt.ts";
import type { Place } from "./positions.ts";
import { parseStack } from "./stack-frames.ts";
import type { StackFrame, StackOptions } from "./stack-frames.ts";
import type { ErrorReport } from "./syntax-error.ts";
import type { ThrownValue } from "./thrown-value.ts";

/** What `describeError` needs to know besides the thrown value. */
export interface DescribeOptions extends StackOptions {
  /** Where V8 saw the value thrown, 0-based, for values without a stack of their own. */
  thrownAt?: { scriptName: string } & Place;
}

const MOST_FRAMES = 12;

/** The content of a Jupyter `error` message for what a cell threw. */
export function describeError(thrown: ThrownValue, options: DescribeOptions): ErrorReport {
  const traceback = paragraphs(thrown, options, "");
  const hint = hintFor(thrown);
  if (hint) traceback.push(`${paint.strong("Fix")}: ${hint}`);
  return { ename: thrown.name, evalue: thrown.message, traceback };
}

function paragraphs(thrown: ThrownValue, options: DescribeOptions, lead: string): string[] {
  const parts = [lead + headline(thrown), ...framesOf(thrown, options).map(showFrame(new Set()))];
  const { thrownAt: _unused, ...inner } = options;
  for (const [index, error] of (thrown.errors ?? []).entries()) {
    parts.push(...paragraphs(error, inner, `${paint.strong(`[${index + 1}]`)} `));
  }
  if (thrown.cause) {
    parts.push(...paragraphs(thrown.cause, inner, `\n${paint.strong("Caused by")} `));
  }
  return parts;
}

function headline({ isError, name, message, details }: ThrownValue): string {
  const title = `${paint.error(name)}${message === "" ? "" : `: ${message}`}`;
  const line = isError ? title : `${paint.error("Uncaught")} ${message}`;
  return details === "" ? line : `${line}\n${paint.faint(details)}`;
}

type ShownFrame = StackFrame | { kind: "folded"; library: string; count: number };

function framesOf(thrown: ThrownValue, options: DescribeOptions): ShownFrame[] {
  const header = thrown.message && thrown.stack.indexOf(thrown.message);
  const stackText =
    header && header > 0 ? thrown.stack.slice(header + thrown.message.length) : thrown.stack;
  const frames = parseStack(stackText, options);
  if (frames.length === 0 && options.thrownAt)
    frames.push(...thrownAtFrame(options.thrownAt, options));
  const last = frames.findLastIndex((frame) => frame.kind === "cell" || frame.kind === "file");
  const folded = foldLibraries(frames.slice(0, last + 1));
  return folded.slice(0, MOST_FRAMES);
}

function thrownAtFrame(
  { scriptName, line, column }: NonNullable<DescribeOptions["thrownAt"]>,
  options: DescribeOptions,
): StackFrame[] {
  return parseStack(`    at ${scriptName}:${line + 1}:${column + 1}`, options);
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
