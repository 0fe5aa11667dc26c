// The answers of a language server that completion and inspection read (Language Server Protocol 3.17, the parts used).

/** A place in a document: line and UTF-16 unit, both from 0. */
export interface ServerPosition {
  readonly line: number;
  readonly character: number;
}

/** From a place up to another. */
export interface ServerRange {
  readonly start: ServerPosition;
  readonly end: ServerPosition;
}

/** What to put in place of a range. */
export interface ServerTextEdit {
  readonly range: ServerRange;
  readonly newText: string;
}

/** Text with or without Markdown. */
export type ServerText = string | { readonly kind: string; readonly value: string };

/** One thing that may be inserted. */
export interface ServerCompletion {
  readonly label: string;
  readonly labelDetails?: { readonly detail?: string; readonly description?: string };
  /** A number of the protocol's `CompletionItemKind`. */
  readonly kind?: number;
  readonly detail?: string;
  readonly documentation?: ServerText;
  readonly sortText?: string;
  readonly filterText?: string;
  readonly insertText?: string;
  /** With one range, or with one for inserting and one for replacing. */
  readonly textEdit?: {
    readonly newText: string;
    readonly range?: ServerRange;
    readonly insert?: ServerRange;
  };
  readonly additionalTextEdits?: readonly ServerTextEdit[];
  /** The server's own; `source` names the module that an import would be added from, `importKind` 0 a name of it. */
  readonly data?: {
    readonly source?: string;
    readonly autoImport?: { readonly importKind?: number };
  };
}

/** All things that may be inserted. */
export interface ServerCompletionList {
  readonly items: readonly ServerCompletion[];
}

/** What the server says about a word. */
export interface ServerHover {
  readonly contents: ServerText;
}

/** The ways to call the function whose parentheses hold the cursor. */
export interface ServerSignatureHelp {
  readonly signatures: readonly {
    readonly label: string;
    readonly documentation?: ServerText;
    readonly parameters?: readonly {
      readonly label: unknown;
      readonly documentation?: ServerText;
    }[];
    readonly activeParameter?: number;
  }[];
  readonly activeSignature?: number;
}

/** Where something is declared. */
export interface ServerLink {
  readonly targetUri: string;
  /** The whole declaration. */
  readonly targetRange: ServerRange;
  /** Its name. */
  readonly targetSelectionRange: ServerRange;
}

/** The plain or Markdown text. */
export function textOfServer(text: ServerText | undefined): string {
  return typeof text === "string" ? text : (text?.value ?? "");
}
