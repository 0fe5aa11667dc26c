// The notebook file of Jupyter (nbformat 4.5) as types, with multi-line texts joined into single strings.

/** A notebook in memory. Unlike in the file, every `source`, `text` and text output is one string. */
export interface Notebook {
  nbformat: 4;
  nbformat_minor: number;
  metadata: NotebookMetadata;
  cells: Cell[];
}

/** What a notebook says about itself; foreign keys are kept. */
export interface NotebookMetadata {
  kernelspec?: { name: string; display_name: string; language?: string };
  language_info?: { name: string; [key: string]: unknown };
  [key: string]: unknown;
}

/** One cell; `cell_type` tells which. */
export type Cell = CodeCell | MarkdownCell | RawCell;

/** Metadata of a cell; foreign keys are kept. */
export interface CellMetadata {
  tags?: string[];
  [key: string]: unknown;
}

/** What every kind of cell has. */
interface CellBase {
  /** 1 to 64 letters, digits, `-` and `_`, unique in the notebook. */
  id: string;
  metadata: CellMetadata;
  source: string;
}

/** A cell that the kernel runs. */
export interface CodeCell extends CellBase {
  cell_type: "code";
  execution_count: number | null;
  outputs: Output[];
}

/** A cell of prose. */
export interface MarkdownCell extends CellBase {
  cell_type: "markdown";
  /** Pictures by file name, named in the text as `attachment:<name>`. */
  attachments?: Record<string, MimeBundle>;
}

/** A cell that is passed through unchanged. */
export interface RawCell extends CellBase {
  cell_type: "raw";
  attachments?: Record<string, MimeBundle>;
}

/** The same thing in several formats; texts and base64 data are strings, JSON formats are any JSON. */
export type MimeBundle = Record<string, unknown>;

/** What running a cell leaves behind; `output_type` tells which. */
export type Output = StreamOutput | DisplayOutput | ResultOutput | ErrorOutput;

/** Text written to stdout or stderr. */
export interface StreamOutput {
  output_type: "stream";
  name: string;
  text: string;
}

/** Something shown by `display`. */
export interface DisplayOutput {
  output_type: "display_data";
  data: MimeBundle;
  metadata: Record<string, unknown>;
}

/** The value of the cell's last expression. */
export interface ResultOutput {
  output_type: "execute_result";
  data: MimeBundle;
  metadata: Record<string, unknown>;
  execution_count: number | null;
}

/** What a cell threw. */
export interface ErrorOutput {
  output_type: "error";
  ename: string;
  evalue: string;
  /** Lines, coloured with ANSI escapes. */
  traceback: string[];
}
