// The table of routes: which method and path pattern is answered by which handler.
import type { IncomingMessage } from "node:http";
import { HttpError } from "../errors.ts";
import type { Reply } from "./reply.ts";

/** How the sender of a request proved who it is; `none` only reaches routes that are public. */
export type Identity = "token" | "cookie" | "none";

/** One request on its way to a handler. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly url: URL;
  /** The decoded parts of the path that the pattern names. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly identity: Identity;
}

/** Who may call a route: anyone, or who has the token or its cookie (pages send others to the login page). */
export type Audience = "public" | "api" | "page";

/** One line of the table. */
export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Segments joined by `/`; `:name` matches one segment, `*name` any number of them, none included. */
  readonly pattern: string;
  readonly audience: Audience;
  readonly handle: (exchange: Exchange) => Promise<Reply> | Reply;
}

/** A route that fits a request, with the decoded parts of its path. */
export interface Match {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Shorthand for a line of the table that only the owner of the token may call. */
export function api(method: Route["method"], pattern: string, handle: Route["handle"]): Route {
  return { method, pattern, audience: "api", handle };
}

/** The whole table. The first route that fits wins, so that exact patterns stand before wildcards. */
export class Router {
  readonly #routes: readonly { route: Route; shape: RegExp; names: readonly string[] }[];

  constructor(routes: readonly Route[]) {
    this.#routes = routes.map((route) => ({ route, ...compilePattern(route.pattern) }));
  }

  /**
   * Finds the route of a request.
   *
   * @param pathname - as in the request line, still percent-encoded
   * @throws {HttpError} 400 for a malformed path, 404 when nothing fits, 405 when only the method does not
   */
  find(method: string, pathname: string): Match {
    const wanted = method === "HEAD" ? "GET" : method;
    let isKnownPath = false;
    for (const { route, shape, names } of this.#routes) {
      const found = shape.exec(pathname);
      if (found === null) continue;
      isKnownPath = true;
      if (route.method !== wanted) continue;
      const entries = names.map((name, index) => [name, decode(found[index + 1] ?? "")] as const);
      return { route, parameters: Object.fromEntries(entries) };
    }
    if (isKnownPath) {
      throw new HttpError(405, `${pathname} does not answer ${method}. Use another method.`);
    }
    throw new HttpError(404, `Nothing answers at ${pathname}. Check the address.`);
  }
}

function compilePattern(pattern: string): { shape: RegExp; names: string[] } {
  const names: string[] = [];
  const parts = pattern.split("/").slice(1);
  const shapes = parts.map((part) => {
    if (!/^[:*]/.test(part)) return `/${part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}`;
    names.push(part.slice(1));
    return part.startsWith(":") ? "/([^/]+)" : "(?:/(.*?))?";
  });
  return { shape: new RegExp(`^${shapes.join("")}/*$`), names };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    const message = `The address must be percent-encoded UTF-8, got ${part}. Encode it with encodeURIComponent.`;
    throw new HttpError(400, message, { cause: error });
  }
}
