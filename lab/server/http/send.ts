// Writes a reply onto the connection, with the headers that every answer of this server carries.
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname } from "node:path";
import { pipeline } from "node:stream/promises";
import { HttpError } from "../errors.ts";
import { mediaType } from "./media-types.ts";
import type { FileReply, Headers, Reply } from "./reply.ts";

/** What a browser may do with an answer of the API: show nothing of it, run nothing in it. */
const API_POLICY = "frame-ancestors 'self'; default-src 'none'";

/** Sends any reply. */
export async function sendReply(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
): Promise<void> {
  response.setHeader("X-Content-Type-Options", "nosniff");
  if (reply.kind === "file") return sendFile(request, response, reply);
  if (reply.kind === "json") {
    const body = Buffer.from(JSON.stringify(reply.body));
    const base = {
      "Content-Type": "application/json",
      "Content-Security-Policy": API_POLICY,
      "Cache-Control": "no-store",
    };
    return sendBody(request, response, { ...reply, body, headers: { ...base, ...reply.headers } });
  }
  return sendBody(request, response, { ...reply, body: Buffer.from(reply.body) });
}

/** Sends an error as `{ message, reason }`; anything that is not an `HttpError` becomes a plain 500. */
export async function sendError(
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
): Promise<void> {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const known = error instanceof HttpError ? error : undefined;
  const status = known?.status ?? 500;
  const message =
    known?.message ??
    "The server failed at this request. Try again; its log on the terminal says why.";
  // The rest of a refused body is not read: the connection ends with the answer.
  if (!request.complete) response.setHeader("Connection", "close");
  const body = { message, reason: null };
  await sendReply(request, response, { kind: "json", status, body, headers: {} });
}

function sendBody(
  request: IncomingMessage,
  response: ServerResponse,
  reply: { status: number; body: Buffer; headers: Headers },
): void {
  writeHeaders(response, reply.headers);
  response.statusCode = reply.status;
  if (reply.status !== 204) response.setHeader("Content-Length", reply.body.length);
  response.end(request.method === "HEAD" ? undefined : reply.body);
}

async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  reply: FileReply,
): Promise<void> {
  const packed = await findPacked(request, reply);
  const path = packed ?? reply.path;
  const facts = await stat(path).catch(() => undefined);
  if (!facts?.isFile()) throw new HttpError(404, "There is no such file. Check the address.");
  const tag = `"${facts.size.toString(16)}-${Math.floor(facts.mtimeMs).toString(16)}"`;
  const lifetime = reply.isImmutable ? "private, max-age=31536000, immutable" : "no-cache";
  const type = mediaType(extname(reply.path)) ?? "application/octet-stream";
  writeHeaders(response, { "Content-Type": type, ETag: tag, "Cache-Control": lifetime });
  writeHeaders(response, reply.headers);
  if (packed !== undefined) {
    writeHeaders(response, { "Content-Encoding": "gzip", Vary: "Accept-Encoding" });
  }
  if (request.headers["if-none-match"] === tag) {
    response.statusCode = 304;
    response.end();
    return;
  }
  const range = packed ? undefined : readRange(request.headers.range, facts.size);
  if (range === "unsatisfiable") {
    throw new HttpError(416, `The range must lie within ${facts.size} bytes. Ask for less.`);
  }
  const { start, end } = range ?? { start: 0, end: facts.size - 1 };
  response.statusCode = range ? 206 : 200;
  response.setHeader("Content-Length", Math.max(0, end - start + 1));
  if (range) response.setHeader("Content-Range", `bytes ${start}-${end}/${facts.size}`);
  if (request.method === "HEAD" || facts.size === 0) {
    response.end();
    return;
  }
  await pipeline(createReadStream(path, { start, end }), response).catch(() => response.destroy());
}

/** A `.gz` beside a file that never changes is sent in its place to browsers that take it. */
async function findPacked(request: IncomingMessage, reply: FileReply): Promise<string | undefined> {
  const takesGzip = /\bgzip\b/.test(request.headers["accept-encoding"] ?? "");
  if (!reply.isImmutable || !takesGzip) return undefined;
  const packed = `${reply.path}.gz`;
  return (await stat(packed).catch(() => undefined))?.isFile() ? packed : undefined;
}

function readRange(
  header: string | undefined,
  size: number,
): { start: number; end: number } | "unsatisfiable" | undefined {
  const found = /^bytes=(\d+)-(\d*)$/.exec(header ?? "");
  if (found === null) return undefined;
  const start = Number(found[1]);
  const end = found[2] ? Math.min(Number(found[2]), size - 1) : size - 1;
  return start > end ? "unsatisfiable" : { start, end };
}

function writeHeaders(response: ServerResponse, headers: Headers): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}
