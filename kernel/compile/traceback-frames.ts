// The frames of a traceback as lines of text: source beside the learner's own, libraries and repetitions in one line.
import { paint, sourceExcerpt } from "./excerpt.ts";
import { fileName } from "./file-names.ts";
import { parseStack } from "./stack-frames.ts";
import type { StackFrame, StackOptions } from "./stack-frames.ts";
import type { ThrownValue } from "./thrown-value.ts";

/** What is needed beyond the stack to show it. */
export interface TracebackOptions extends StackOptions {
  /** The notebook's folder: files in it are named from there. */
  folder?: string;
  /** The text of a file; undefined when it cannot be read. */
  readFile?: (file: string) => string | undefined;
}

/** With more frames than these, those in the middle are counted only. */
const FIRST_FRAMES = 10;
const LAST_FRAMES = 3;
/** Three lines: the one before and the one after are enough to recognise a place. */
const CONTEXT_LINES = 1;

type PlacedFrame = Extract<StackFrame, { kind: "cell" | "file" }>;
type ShownFrame = PlacedFrame | { kind: "note"; text: string };

/** The frames of what was thrown, innermost first, each as one text. */
export function showFrames(thrown: ThrownValue, options: TracebackOptions): string[] {
  const frames = parseStack(stackText(thrown), { ...options, isMapped: thrown.isMapped ?? false });
  const last = frames.findLastIndex(isPlaced);
  const shown = foldRepetitions(foldLibraries(frames.slice(0, last + 1)));
  const seen = new Set<string>();
  return cutMiddle(shown).map((frame) => showFrame(frame, options, seen));
}

/** A message of several lines may quote a stack: only what follows it is one. */
function stackText({ isError, message, stack }: ThrownValue): string {
  const header = isError && message !== "" ? stack.indexOf(message) : -1;
  return header > 0 ? stack.slice(header + message.length) : stack;
}

const isPlaced = (frame: StackFrame | ShownFrame): frame is PlacedFrame =>
  frame.kind === "cell" || frame.kind === "file";

/** Neighbouring frames of one library become one; calls of built-ins in between are left out. */
function foldLibraries(frames: readonly StackFrame[]): ShownFrame[] {
  const shown: ShownFrame[] = [];
  let open: { library: string; count: number } | undefined;
  const close = (): void => {
    if (open) shown.push(counted(open.count, `in ${open.library}`));
    open = undefined;
  };
  for (const frame of frames) {
    if (frame.kind === "builtin") continue;
    if (frame.kind === "library") {
      if (open?.library !== frame.library) close();
      open = { library: frame.library, count: (open?.count ?? 0) + 1 };
      continue;
    }
    close();
    const previous = shown.at(-1);
    // An arrow function inside `forward` and `forward` itself, or a recursion: one line is enough.
    if (previous && isPlaced(previous) && isSameLine(previous, frame)) {
      shown[shown.length - 1] = { ...frame, at: previous.at };
    } else {
      shown.push(frame);
    }
  }
  close();
  return shown;
}

function isSameLine(previous: PlacedFrame, frame: PlacedFrame): boolean {
  const isNested = previous.functionName === "" || previous.functionName === frame.functionName;
  return isNested && previous.file === frame.file && previous.at.line === frame.at.line;
}

/** Functions that call each other in a circle are shown once. */
function foldRepetitions(frames: readonly ShownFrame[]): ShownFrame[] {
  const shown: ShownFrame[] = [];
  const seen = new Set<string>();
  let repeated = 0;
  const close = (): void => {
    if (repeated > 0) shown.push(counted(repeated, "that repeat these"));
    repeated = 0;
  };
  for (const frame of frames) {
    const key = isPlaced(frame) ? `${placeKey(frame)}:${frame.at.column}` : "";
    if (key !== "" && seen.has(key)) {
      repeated++;
      continue;
    }
    close();
    seen.add(key);
    shown.push(frame);
  }
  close();
  return shown;
}

function cutMiddle(frames: readonly ShownFrame[]): ShownFrame[] {
  const hidden = frames.length - FIRST_FRAMES - LAST_FRAMES;
  if (hidden < 2) return [...frames];
  return [
    ...frames.slice(0, FIRST_FRAMES),
    counted(hidden, "in between"),
    ...frames.slice(-LAST_FRAMES),
  ];
}

const counted = (count: number, what: string): ShownFrame => ({
  kind: "note",
  text: `  ... ${count} ${count === 1 ? "frame" : "frames"} ${what}`,
});

const placeKey = ({ file, at }: PlacedFrame): string => `${file}:${at.line}`;

/** Shows a frame; the first one with its neighbourhood, and no line twice with its source. */
function showFrame(frame: ShownFrame, options: TracebackOptions, seen: Set<string>): string {
  if (!isPlaced(frame)) return paint.faint(frame.text);
  const { at, functionName } = frame;
  const file =
    frame.kind === "cell" ? frame.file.replace(/.*[/\\]/, "") : fileName(frame.file, options);
  const owner = frame.kind === "cell" ? `cell ${frame.cell.number}` : file;
  const name = functionName === "" ? "" : `, in ${functionName}`;
  const place = paint.place(`${owner}, line ${at.line + 1}${name}`);
  // As V8 writes it, which editors turn into a link.
  const title = `  at ${place} ${paint.faint(`(${file}:${at.line + 1}:${at.column + 1})`)}`;
  const key = placeKey(frame);
  if (seen.has(key)) return title;
  const source = frame.kind === "cell" ? frame.cell.source : options.readFile?.(frame.file);
  if (source === undefined || source.split("\n", at.line + 1).length <= at.line) return title;
  const contextLines = seen.size === 0 ? CONTEXT_LINES : 0;
  seen.add(key);
  return [title, ...sourceExcerpt(source, at, { contextLines })].join("\n");
}
