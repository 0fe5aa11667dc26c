// What completion and inspection ask of a language service, and of the running session when that has no answer.
import type { ExportIndex } from "./export-index.ts";
import type { LiveLook } from "../execute/runtime-messages.ts";

/** The language service, as far as it is used here; answers are undefined when there is no server. */
export interface LanguageQuestions {
  /** Starts the server if it does not run. @returns whether it is ready in time */
  whenReady(timeoutMs: number): Promise<boolean>;
  complete(code: string, offset: number, options: QuestionOptions): Promise<unknown>;
  hover(code: string, offset: number, options: QuestionOptions): Promise<unknown>;
  signatureHelp(code: string, offset: number, options: QuestionOptions): Promise<unknown>;
  definition(code: string, offset: number, options: QuestionOptions): Promise<unknown>;
  resolve(item: object, timeoutMs: number): Promise<unknown>;
  /** The cell behind an address in an answer; undefined for files on disk. */
  cellOf(uri: string): { readonly number: number; readonly code: string } | undefined;
  /** What a cell may import beside the packages of its folder. */
  readonly packages: readonly string[];
  /** What to import the cell as that gave a value its name. */
  moduleOf(name: string): string | undefined;
  /** Names that earlier cells declare, also those of types. */
  readonly names: Iterable<string>;
}

/** How a question is asked. */
export interface QuestionOptions {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly timeoutMs: number;
}

/** The running session. */
export interface LiveQuestions {
  /** A value as it is now; undefined while a cell runs, or when looking would run the user's code. */
  look(expression: string): Promise<LiveLook | undefined>;
  /** The names that cells have declared. */
  readonly names: readonly { readonly name: string; readonly kind: string }[];
}

/** A cell command such as `%time`. */
export interface CommandHelp {
  /** With its percent signs. */
  readonly name: string;
  /** How it is written. */
  readonly usage: string;
  /** What it does, in Markdown. */
  readonly summary: string;
}

/** Everything that can be asked about a cell. */
export interface AssistSources {
  readonly language: LanguageQuestions;
  readonly live: LiveQuestions;
  readonly commands: readonly CommandHelp[];
  /** Names that could be imported. */
  readonly exports: ExportIndex;
}

/** How long a question waits for a server that is still starting, in milliseconds. */
export const START_WAIT_MS = 400;
/** How long an answer may take, in milliseconds; JupyterLab shows nothing that comes after a second. */
export const ANSWER_WAIT_MS = 500;
/** How long details may take that are pleasant to have, in milliseconds. */
export const DETAIL_WAIT_MS = 25;
/** How long the text of an import may take, in milliseconds. */
export const IMPORT_WAIT_MS = 150;
/** How long offers wait for names that could be imported when there are no others, in milliseconds. */
export const INDEX_WAIT_MS = 400;
