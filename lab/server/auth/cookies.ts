// Reads the cookies of a request and writes those of an answer.
import type { IncomingMessage } from "node:http";

/** The cookies that a request carries; the first of a name wins. */
export function readCookies(request: IncomingMessage): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of (request.headers.cookie ?? "").split(";")) {
    const split = pair.indexOf("=");
    if (split < 1) continue;
    const name = pair.slice(0, split).trim();
    if (!cookies.has(name)) cookies.set(name, pair.slice(split + 1).trim());
  }
  return cookies;
}

/**
 * One `Set-Cookie` line for the whole server.
 *
 * @param value - only letters, digits, `-` and `_`: it is written as it is
 * @param options - `isHidden` keeps scripts of the page from reading it
 */
export function writeCookie(name: string, value: string, options: { isHidden: boolean }): string {
  return `${name}=${value}; Path=/; SameSite=Lax${options.isHidden ? "; HttpOnly" : ""}`;
}
