// Call sites: the line of the user's code that an op of a recorded graph comes from.
import { fileURLToPath } from "node:url";
import { relative } from "node:path";

/** The folder of the library, as it runs and as source maps name it: lines in there are nobody's mistake but ours. */
const LIBRARY = fileURLToPath(new URL("../../", import.meta.url));
const SOURCES = LIBRARY.replace(/([\\/])dist[\\/](lib[\\/])$/, "$1$2");
/** What a notebook's kernel does on the way to showing a value is nobody's line either. */
const KERNEL = LIBRARY.replace(/lib([\\/])$/, "kernel$1");

/** A call in a stack trace: its place stands in brackets when the function has a name. Paths may have spaces. */
const FRAME = /^\s*at (?:.*? \()?(?:async )?((?:file:\/\/)?\S.*?):(\d+):\d+\)?$/;

/** So many calls of layers and models may be between an op and the user's line. */
const DEEPEST = 64;

/** Where an op was called; told when somebody asks, which is rare, and costs much more than to remember it. */
export class CallSite {
  /** What the op is called. */
  readonly op: string;
  readonly #trace: { readonly stack?: string } = {};

  /** Remembers the calls that led here. */
  constructor(op: string) {
    this.op = op;
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = DEEPEST;
    Error.captureStackTrace(this.#trace);
    Error.stackTraceLimit = stackTraceLimit;
  }

  /** Such as `matmul at cell 4, line 7`, or `matmul at train.ts:12`. */
  get text(): string {
    const place = placeOf(this.#trace.stack ?? "");
    return place === undefined ? this.op : `${this.op} at ${place}`;
  }

  /** Whether the calls led through a file of the library, such as `optimizers/optimizer`. */
  isThrough(file: string): boolean {
    return (this.#trace.stack ?? "").replaceAll("\\", "/").includes(`/lib/${file}.`);
  }
}

/** The first place of a stack trace that is outside of the library; undefined when there is none. */
export function placeOf(stack: string): string | undefined {
  for (const line of stack.split("\n")) {
    const [, place, row] = FRAME.exec(line) ?? [];
    if (place === undefined || place.startsWith("node:")) continue;
    const file = place.startsWith("file:") ? fileURLToPath(place) : place;
    if ([LIBRARY, SOURCES, KERNEL].some((folder) => file.startsWith(folder))) continue;
    const [, cell] = /^cell-(\d+)\.ts$/.exec(file) ?? [];
    return cell === undefined ? `${shortened(file)}:${row}` : `cell ${cell}, line ${row}`;
  }
  return undefined;
}

const shortened = (file: string): string => {
  const path = relative(process.cwd(), file);
  return path.startsWith("..") ? file : path;
};
