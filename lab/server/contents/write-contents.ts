// Saves files, notebooks and folders, whole or in the pieces of an upload.
import { createHash } from "node:crypto";
import { appendFile, mkdir, open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { HttpError } from "../errors.ts";
import { replace, saveBytes, UNFINISHED_PREFIX } from "./atomic-write.ts";
import { explainDiskErrors } from "./disk-errors.ts";
import { describeEntry } from "./model.ts";
import type { ContentsModel } from "./model.ts";
import { asNotebook, formatNotebook } from "./notebook-text.ts";
import { addHash } from "./read-contents.ts";
import type { Place, Root } from "./root.ts";
import { mayBeTrusted, withoutTrustMarks } from "./trust.ts";
import type { TrustStore } from "./trust.ts";

const LAST_CHUNK = -1;

/** Writes under the root. */
export class ContentsWriter {
  readonly #root: Root;
  readonly #trust: TrustStore;

  constructor(root: Root, trust: TrustStore) {
    this.#root = root;
    this.#trust = trust;
  }

  /**
   * Saves what a client sent.
   *
   * @param body - a model with `type`, and `format` and `content` unless it is a directory
   * @returns the new model without content, with the hash of a file, and whether it is new
   * @throws {HttpError} 400 for a body that says too little, 403 and 507 when the disk refuses
   */
  async save(
    apiPath: string,
    body: Readonly<Record<string, unknown>>,
  ): Promise<{ model: ContentsModel; isNew: boolean }> {
    const place = await this.#root.locate(apiPath, { hiddenStatus: 400 });
    return explainDiskErrors(`save "${place.apiPath}"`, async () => {
      if (body["type"] === "directory") return this.#saveFolder(place);
      await refuseBadTarget(place);
      const bytes = await this.#toBytes(place, body);
      const chunk = body["chunk"];
      const target =
        chunk === undefined ? place.path : await saveChunk(place.path, bytes, readChunk(chunk));
      if (chunk === undefined) await saveBytes(place.path, bytes);
      const model = await describeEntry(place.apiPath, target, await stat(target));
      if (chunk === undefined) addHash(model, Buffer.from(bytes));
      else if (target === place.path) addHash(model, await readFile(target));
      return { model, isNew: !place.exists };
    });
  }

  async #saveFolder(place: Place): Promise<{ model: ContentsModel; isNew: boolean }> {
    if (!place.exists) await mkdir(place.path);
    const facts = await stat(place.path);
    if (!facts.isDirectory()) {
      const message = `"${place.apiPath}" is a file, so no directory can be made there. Choose another name.`;
      throw new HttpError(400, message);
    }
    return {
      model: await describeEntry(place.apiPath, place.path, facts),
      isNew: !place.exists,
    };
  }

  async #toBytes(
    place: Place,
    body: Readonly<Record<string, unknown>>,
  ): Promise<Uint8Array | string> {
    const { type, format, content } = body;
    if (content === undefined || content === null) {
      throw new HttpError(400, `No content was sent for "${place.apiPath}". Send content.`);
    }
    if (type === "notebook") {
      const notebook = asNotebook(content, place.apiPath);
      const bare = withoutTrustMarks(notebook);
      // A store of trust that cannot be written must not keep the notebook from being saved.
      if (mayBeTrusted(notebook)) await this.#trust.trust(bare).catch(() => undefined);
      return formatNotebook(bare);
    }
    if (type !== "file") {
      const message = `type must be "file", "notebook" or "directory", got ${JSON.stringify(type)}. Send one of them.`;
      throw new HttpError(400, message);
    }
    if (typeof content === "string" && format === "text") return content;
    if (typeof content === "string" && format === "base64") return Buffer.from(content, "base64");
    throw new HttpError(
      400,
      `The content of a file must be text with the format "text" or "base64", got ${typeof content} with the format ${JSON.stringify(format)}. Send one of them.`,
    );
  }
}

async function refuseBadTarget(place: Place): Promise<void> {
  const parent = await stat(dirname(place.path)).catch(() => undefined);
  if (!parent?.isDirectory()) {
    const message = `The folder of "${place.apiPath}" does not exist. Make it first, or save elsewhere.`;
    throw new HttpError(404, message);
  }
  const present = place.exists ? await stat(place.path) : undefined;
  if (present !== undefined && !present.isFile()) {
    throw new HttpError(400, `"${place.apiPath}" is not a file. Choose another name.`);
  }
}

/**
 * Collects the pieces of an upload beside the file; the last piece puts them in its place.
 *
 * @param chunk - 1 for the first piece, 2 and so on, -1 for the last
 * @returns the file that now holds the data
 */
async function saveChunk(path: string, bytes: Uint8Array | string, chunk: number): Promise<string> {
  const key = createHash("sha256").update(basename(path)).digest("hex").slice(0, 16);
  const collected = join(dirname(path), `${UNFINISHED_PREFIX}upload-${key}`);
  if (chunk === 1) {
    await rm(collected, { force: true });
    await writeFile(collected, bytes, { flag: "wx" });
    return collected;
  }
  // "r+" fails when the first piece never came.
  const handle = await open(collected, "r+");
  await handle.close();
  await appendFile(collected, bytes);
  if (chunk !== LAST_CHUNK) return collected;
  await replace(collected, path);
  return path;
}

function readChunk(value: unknown): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= LAST_CHUNK && value !== 0) {
    return value;
  }
  throw new HttpError(400, `chunk must be 1, 2, ... or -1, got ${JSON.stringify(value)}. Send it.`);
}
