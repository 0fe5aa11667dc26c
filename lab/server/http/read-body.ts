// Reads the body of a request, never more of it than allowed.
import type { IncomingMessage } from "node:http";
import { HttpError } from "../errors.ts";

/** Room for settings, workspaces and everything else that is not a file: 16 MiB. */
export const SMALL_BODY_BYTES: number = 16 * 2 ** 20;

/** Room for a notebook or an uploaded file: 512 MiB, as Jupyter Server allows. */
export const FILE_BODY_BYTES: number = 512 * 2 ** 20;

/**
 * The body as bytes.
 *
 * @throws {HttpError} 413 as soon as more than `limit` bytes are announced or have come
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  if (Number(request.headers["content-length"] ?? 0) > limit) throw tooLarge(limit);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * The body as a JSON object; an empty body is an empty object.
 *
 * @throws {HttpError} 400 when it is not JSON, or not an object; 413 when it is too large
 */
export async function readObject(
  request: IncomingMessage,
  limit: number = SMALL_BODY_BYTES,
): Promise<Record<string, unknown>> {
  const text = (await readBody(request, limit)).toString("utf8").trim();
  if (text === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const message = `The body of the request must be JSON, got text that does not parse: ${(error as Error).message}. Send JSON.`;
    throw new HttpError(400, message, { cause: error });
  }
  if (isObject(value)) return value;
  throw new HttpError(400, "The body of the request must be a JSON object. Send { ... }.");
}

/** Whether a value is a plain JSON object, not null and not an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function tooLarge(limit: number): HttpError {
  const size = limit >= 2 ** 20 ? `${Math.floor(limit / 2 ** 20)} MiB` : `${limit} bytes`;
  return new HttpError(413, `The body of the request must be at most ${size}. Send a smaller one.`);
}
