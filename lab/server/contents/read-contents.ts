// Reads files, notebooks and folders for the contents API.
import { createHash } from "node:crypto";
import type { Dirent } from "node:fs";
import { readFile, readdir, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { HttpError } from "../errors.ts";
import { bareMediaType } from "../http/media-types.ts";
import { explainDiskErrors } from "./disk-errors.ts";
import { describeEntry, isNotebookName } from "./model.ts";
import type { ContentsModel } from "./model.ts";
import { parseNotebook } from "./notebook-text.ts";
import type { Place, Root } from "./root.ts";
import { notFound } from "./root.ts";
import { markTrusted } from "./trust.ts";
import type { TrustStore } from "./trust.ts";

/** What a client asks for. */
export interface ReadOptions {
  readonly type?: string | undefined;
  readonly format?: string | undefined;
  /** False for a model without content. */
  readonly wantsContent: boolean;
  readonly wantsHash: boolean;
}

/** Reads what lies under the root. */
export class ContentsReader {
  readonly #root: Root;
  readonly #trust: TrustStore;

  constructor(root: Root, trust: TrustStore) {
    this.#root = root;
    this.#trust = trust;
  }

  /**
   * The model of a file or folder.
   *
   * @throws {HttpError} 400 when it is not of the type or format asked for, 404 when it is not there
   */
  async read(apiPath: string, options: ReadOptions): Promise<ContentsModel> {
    const place = await this.#root.find(apiPath);
    return explainDiskErrors(`read "${place.apiPath}"`, () => this.#readPlace(place, options));
  }

  async #readPlace(place: Place, options: ReadOptions): Promise<ContentsModel> {
    const facts = await stat(place.path);
    if (!facts.isDirectory() && !facts.isFile()) {
      throw new HttpError(
        400,
        `"${place.apiPath}" is neither a file nor a folder. Open something else.`,
      );
    }
    const model = await describeEntry(place.apiPath, place.path, facts);
    if (facts.isDirectory()) return this.#fillFolder(model, place, options);
    if (options.type === "directory") {
      throw new HttpError(400, `"${place.apiPath}" is a file, not a directory. Open it as a file.`);
    }
    const isNotebook = options.type ? options.type === "notebook" : isNotebookName(place.apiPath);
    model.type = isNotebook ? "notebook" : "file";
    if (!isNotebook) model.mimetype = bareMediaType(extname(place.apiPath)) ?? null;
    if (!options.wantsContent && !options.wantsHash) return model;
    const bytes = await readFile(place.path);
    if (options.wantsHash) addHash(model, bytes);
    if (!options.wantsContent) return model;
    if (isNotebook) await this.#fillNotebook(model, bytes);
    else fillFile(model, bytes, options.format);
    return model;
  }

  async #fillFolder(
    model: ContentsModel,
    place: Place,
    options: ReadOptions,
  ): Promise<ContentsModel> {
    if (options.type && options.type !== "directory") {
      const message = `"${place.apiPath}" is a directory, not a ${options.type}. Open it as a directory.`;
      throw new HttpError(400, message);
    }
    if (!options.wantsContent) return model;
    const shown = (await readdir(place.path, { withFileTypes: true })).filter(
      ({ name }) => !this.#root.isHidden(name),
    );
    const entries = shown.map((entry) => this.#describe(place, entry));
    model.format = "json";
    model.content = (await Promise.all(entries)).filter((entry) => entry !== undefined);
    return model;
  }

  /** An entry that is gone, is no file or leads out of the root is left out of the list. */
  async #describe(folder: Place, entry: Dirent): Promise<ContentsModel | undefined> {
    const apiPath = folder.apiPath === "" ? entry.name : `${folder.apiPath}/${entry.name}`;
    try {
      // Only a link can lead elsewhere: the folder itself has been resolved.
      const path = entry.isSymbolicLink()
        ? (await this.#root.find(apiPath)).path
        : join(folder.path, entry.name);
      const facts = await stat(path);
      if (!facts.isDirectory() && !facts.isFile()) return undefined;
      return await describeEntry(apiPath, path, facts);
    } catch {
      return undefined;
    }
  }

  async #fillNotebook(model: ContentsModel, bytes: Buffer): Promise<void> {
    const notebook = parseNotebook(decodeText(bytes) ?? "", model.path);
    markTrusted(notebook, await this.#trust.isTrusted(notebook));
    model.content = notebook;
    model.format = "json";
  }
}

/**
 * The place of a file that may be sent as it is.
 *
 * @throws {HttpError} 404 when it is not a file under the root
 */
export async function findFile(root: Root, apiPath: string): Promise<Place> {
  const place = await root.find(apiPath);
  if ((await stat(place.path)).isFile()) return place;
  throw notFound(place.apiPath);
}

/** Puts the SHA-256 of the bytes on disk into a model: clients compare it before they overwrite. */
export function addHash(model: ContentsModel, bytes: Uint8Array): void {
  model.hash = createHash("sha256").update(bytes).digest("hex");
  model.hash_algorithm = "sha256";
}

function fillFile(model: ContentsModel, bytes: Buffer, format: string | undefined): void {
  const text = format === "base64" ? undefined : decodeText(bytes);
  if (text === undefined && format === "text") {
    throw new HttpError(400, `"${model.path}" is not UTF-8 text. Open it in another viewer.`);
  }
  model.content = text ?? bytes.toString("base64");
  model.format = text === undefined ? "base64" : "text";
  model.mimetype ??= text === undefined ? "application/octet-stream" : "text/plain";
}

function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
