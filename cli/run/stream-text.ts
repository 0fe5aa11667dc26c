// Text of a stream as a terminal would leave it: carriage returns overwrite the line, backspaces delete.

/** A stream's text while it grows. */
export interface StreamText {
  /** Finished lines, each with its line break. */
  finished: string;
  /** The line being written. */
  line: string;
  /** Where in `line` the next character goes. */
  column: number;
}

/** A stream without text. */
export function emptyStream(): StreamText {
  return { finished: "", line: "", column: 0 };
}

/** Writes `chunk` to the stream; progress bars that repaint themselves leave their last state only. */
export function appendToStream(stream: StreamText, chunk: string): void {
  for (const [piece] of chunk.matchAll(/[^\n\r\b]+|[\n\r\b]/g)) {
    if (piece === "\n") {
      stream.finished += `${stream.line}\n`;
      stream.line = "";
      stream.column = 0;
    } else if (piece === "\r") stream.column = 0;
    else if (piece === "\b") eraseBefore(stream);
    else overwrite(stream, piece);
  }
}

/** All text of the stream. */
export function streamText(stream: StreamText): string {
  return stream.finished + stream.line;
}

function overwrite(stream: StreamText, piece: string): void {
  const { line, column } = stream;
  stream.line = line.slice(0, column) + piece + line.slice(column + piece.length);
  stream.column = column + piece.length;
}

function eraseBefore(stream: StreamText): void {
  if (stream.column === 0) return;
  stream.line = stream.line.slice(0, stream.column - 1) + stream.line.slice(stream.column);
  stream.column -= 1;
}
