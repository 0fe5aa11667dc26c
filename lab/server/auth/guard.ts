// Who may come in: the token, the cookie that stands for it, and the checks that keep other web pages out.
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { HttpError } from "../errors.ts";
import type { Identity } from "../http/router.ts";
import { readCookies, writeCookie } from "./cookies.ts";

const XSRF_COOKIE = "_xsrf";
/** How long a browser may take from its start to its first request. */
const TICKET_MS = 120_000;
const SAFE_METHODS = new Set(["GET", "HEAD"]);

/** Checks the sender of every request and websocket of one server. */
export class Guard {
  readonly #token: string;
  readonly #cookieName: string;
  readonly #cookieValue: string = randomBytes(32).toString("hex");
  readonly #hostnames: ReadonlySet<string>;
  /** When each ticket that was not used yet runs out. */
  readonly #tickets = new Map<string, number>();

  /**
   * @param options.port - the real port: cookies are shared by all ports of a host, so the name holds it
   * @param options.hostnames - names besides `localhost` and loopback addresses under which the server may be reached
   */
  constructor(options: { token: string; port: number; hostnames: readonly string[] }) {
    this.#token = options.token;
    this.#cookieName = `gradlab-auth-${options.port}`;
    this.#hostnames = new Set(options.hostnames.map((name) => name.toLowerCase()));
  }

  /**
   * Refuses a `Host` header that names another machine: with it a foreign page could reach this server by DNS rebinding.
   *
   * @throws {HttpError} 403
   */
  checkHost(request: IncomingMessage): void {
    const host = request.headers.host ?? "";
    const name = /^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(?::\d{1,5})?$/i.exec(host)?.[1]?.toLowerCase();
    const isLoopback =
      name === "localhost" ||
      name === "[::1]" ||
      (name !== undefined && /^127(?:\.\d{1,3}){3}$/.test(name));
    if (isLoopback || (name !== undefined && this.#hostnames.has(name))) return;
    throw new HttpError(
      403,
      `This server answers only under 127.0.0.1 or localhost, the request named ${JSON.stringify(host)}. Open the address that the start command printed.`,
    );
  }

  /** How a request proves that it comes from the owner of the token; a wrong token never falls back to the cookie. */
  identify(request: IncomingMessage, url: URL): Identity {
    const header = request.headers.authorization;
    if (header !== undefined) {
      const given = /^(?:token|bearer)\s+(\S+)$/i.exec(header)?.[1];
      return given !== undefined && this.isToken(given) ? "token" : "none";
    }
    const query = url.searchParams.get("token");
    if (query !== null && query !== "") return this.isToken(query) ? "token" : "none";
    const cookie = readCookies(request).get(this.#cookieName);
    return cookie !== undefined && isSame(cookie, this.#cookieValue) ? "cookie" : "none";
  }

  /** Whether a text is the token. */
  isToken(given: string): boolean {
    return isSame(given, this.#token);
  }

  /**
   * A secret that logs one browser in, once and soon: an address that is handed to a program can be read in the
   * list of processes, so the token does not belong into it.
   */
  issueTicket(): string {
    const ticket = randomBytes(24).toString("hex");
    this.#tickets.set(ticket, Date.now() + TICKET_MS);
    return ticket;
  }

  /** Whether a ticket is good; it is used up. */
  redeemTicket(ticket: string): boolean {
    const until = this.#tickets.get(ticket) ?? 0;
    this.#tickets.delete(ticket);
    return Date.now() < until;
  }

  /**
   * Refuses a request that rides on the cookie but was not made by this server's own page.
   *
   * @throws {HttpError} 403
   */
  checkCookieRequest(request: IncomingMessage): void {
    checkSameOrigin(request);
    if (SAFE_METHODS.has(request.method ?? "GET")) return;
    const cookie = readCookies(request).get(XSRF_COOKIE);
    const header = request.headers["x-xsrftoken"];
    if (cookie && typeof header === "string" && isSame(cookie, header)) return;
    throw new HttpError(
      403,
      `'_xsrf' argument missing from ${request.method}: the X-XSRFToken header must repeat the _xsrf cookie. Reload the page, or send the token in the Authorization header.`,
    );
  }

  /**
   * Admits a websocket: by token from anywhere, by cookie only from this server's own page.
   *
   * @throws {HttpError} 403
   */
  checkWebsocket(request: IncomingMessage, url: URL): void {
    this.checkHost(request);
    const identity = this.identify(request, url);
    if (identity === "token") return;
    if (identity === "none") throw forbidden();
    if (request.headers.origin === undefined) {
      throw new HttpError(403, "A websocket opened by cookie must name its Origin. Use the token.");
    }
    checkSameOrigin(request);
  }

  /** The lines that log a browser in. */
  loginCookie(): string {
    return writeCookie(this.#cookieName, this.#cookieValue, { isHidden: true });
  }

  /** The line that gives the page the value to repeat in `X-XSRFToken`; empty when it has one. */
  xsrfCookie(request: IncomingMessage): readonly string[] {
    const present = readCookies(request).get(XSRF_COOKIE);
    if (present !== undefined && /^[\w|:-]{16,256}$/.test(present)) return [];
    return [writeCookie(XSRF_COOKIE, randomBytes(16).toString("hex"), { isHidden: false })];
  }
}

/** The answer to who has neither token nor cookie. */
export function forbidden(): HttpError {
  return new HttpError(
    403,
    "This server needs its token, the request had none or a wrong one. Open the address that the start command printed in a new tab, then this page can save again; a program sends the header Authorization: token <token>.",
  );
}

/**
 * Refuses a request that another site's page made.
 *
 * @throws {HttpError} 403
 */
export function checkSameOrigin(request: IncomingMessage): void {
  const { origin, referer, host } = request.headers;
  const site = request.headers["sec-fetch-site"];
  const isOwn =
    (site === undefined || site === "same-origin" || site === "none") &&
    (origin === undefined || hostOf(origin) === host) &&
    (origin !== undefined || referer === undefined || hostOf(referer) === host);
  if (isOwn) return;
  throw new HttpError(
    403,
    `Blocking a cross-origin request: it must come from the page of ${host}, it came from ${origin ?? referer ?? site}. Use the token to call this server from elsewhere.`,
  );
}

function hostOf(address: string): string | undefined {
  return URL.canParse(address) ? new URL(address).host : undefined;
}

/** Compares two secrets in a time that says nothing about where they differ. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
