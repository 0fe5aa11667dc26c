// What a handler answers, as plain values: JSON, text, a file, nothing, or another address.

/** Headers of an answer; an array becomes several lines of the same name. */
export type Headers = Readonly<Record<string, string | readonly string[]>>;

/** An answer with a JSON body. */
export interface JsonReply {
  readonly kind: "json";
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

/** An answer with a text body of a stated type; an empty body for `204` and redirects. */
export interface TextReply {
  readonly kind: "text";
  readonly status: number;
  readonly body: string;
  readonly headers: Headers;
}

/** An answer that is a file on disk. */
export interface FileReply {
  readonly kind: "file";
  /** Absolute path; the caller has already checked that it may be read. */
  readonly path: string;
  readonly headers: Headers;
  /** True when the name changes with the content, so that browsers may keep it for a year. */
  readonly isImmutable: boolean;
}

/** What every handler returns. */
export type Reply = JsonReply | TextReply | FileReply;

/** A JSON answer. */
export function json(status: number, body: unknown, headers: Headers = {}): JsonReply {
  return { kind: "json", status, body, headers };
}

/** An answer without a body, for example `204`. */
export function empty(status: number, headers: Headers = {}): TextReply {
  return { kind: "text", status, body: "", headers };
}

/** A page of HTML; never cached, because it depends on who asks. */
export function html(status: number, body: string, headers: Headers = {}): TextReply {
  const type = { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" };
  return { kind: "text", status, body, headers: { ...type, ...headers } };
}

/** Sends the browser to another address of this server. */
export function redirect(location: string, headers: Headers = {}): TextReply {
  const base = {
    Location: location,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
  };
  return empty(302, { ...base, ...headers });
}

/** A file of disk as the answer. */
export function file(
  path: string,
  options: { headers?: Headers; isImmutable?: boolean } = {},
): FileReply {
  const { headers = {}, isImmutable = false } = options;
  return { kind: "file", path, headers, isImmutable };
}
