// Takes one HTTP request from the connection to its answer: host, identity, origin, route, reply.
import type { IncomingMessage, ServerResponse } from "node:http";
import { forbidden } from "../auth/guard.ts";
import type { Guard } from "../auth/guard.ts";
import { HttpError } from "../errors.ts";
import { redirect } from "./reply.ts";
import type { Reply } from "./reply.ts";
import type { Identity, Match, Router } from "./router.ts";
import { sendError, sendReply } from "./send.ts";

/** What the service needs to answer. */
export interface ServiceOptions {
  readonly guard: Guard;
  readonly router: Router;
  /** Told about failures that are the server's own. */
  readonly log: (line: string) => void;
}

/** Answers one request; never throws. */
export async function serveRequest(
  request: IncomingMessage,
  response: ServerResponse,
  options: ServiceOptions,
): Promise<void> {
  try {
    await sendReply(request, response, await answer(request, options));
  } catch (error) {
    if (!(error instanceof HttpError)) {
      options.log(`${request.method} ${request.url?.split("?")[0]} failed: ${describe(error)}`);
    }
    await sendError(request, response, error);
  }
}

async function answer(request: IncomingMessage, options: ServiceOptions): Promise<Reply> {
  const { guard, router } = options;
  guard.checkHost(request);
  const url = readUrl(request);
  const identity = guard.identify(request, url);
  const match = findRoute(router, request, url, identity);
  const { audience, handle } = match.route;
  const ticket = url.searchParams.get("ticket");
  if (audience === "page" && ticket !== null) {
    url.searchParams.delete("ticket");
    const cookies = guard.redeemTicket(ticket) ? [guard.loginCookie()] : [];
    return redirect(localAddress(url), { "Set-Cookie": cookies });
  }
  if (audience === "page" && identity === "none") return redirect(loginAddress(url));
  if (audience === "page" && url.searchParams.get("token")) {
    url.searchParams.delete("token");
    return redirect(localAddress(url), { "Set-Cookie": [guard.loginCookie()] });
  }
  if (audience === "api" && identity === "none") throw forbidden();
  if (audience === "api" && identity === "cookie") guard.checkCookieRequest(request);
  return handle({ request, url, parameters: match.parameters, identity });
}

/** Who is not admitted learns nothing about which addresses exist. */
function findRoute(router: Router, request: IncomingMessage, url: URL, identity: Identity): Match {
  try {
    return router.find(request.method ?? "GET", url.pathname);
  } catch (error) {
    throw identity === "none" ? forbidden() : error;
  }
}

function readUrl(request: IncomingMessage): URL {
  const target = request.url ?? "/";
  // A request line with another server in it, or one that only looks like a path, is refused.
  if (!target.startsWith("/") || !URL.canParse(`http://localhost${target}`)) {
    throw new HttpError(400, "The address must be a path that begins with /. Check the address.");
  }
  return new URL(`http://localhost${target}`);
}

function loginAddress(url: URL): string {
  url.searchParams.delete("token");
  return `/login?next=${encodeURIComponent(localAddress(url))}`;
}

/** Path and query of an address, which a browser cannot take for another server's. */
function localAddress(url: URL): string {
  return url.pathname.replace(/^\/+/, "/") + url.search;
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
