// Makes, copies, renames and deletes files and folders.
import { cp, lstat, readdir, rename, rm, rmdir, stat, unlink } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { HttpError } from "../errors.ts";
import { CHECKPOINT_FOLDER, moveCheckpoint, removeCheckpoint } from "./checkpoints.ts";
import { explainDiskErrors } from "./disk-errors.ts";
import { describeEntry } from "./model.ts";
import type { ContentsModel } from "./model.ts";
import type { Place, Root } from "./root.ts";
import type { ContentsWriter } from "./write-contents.ts";

const EMPTY_NOTEBOOK = { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 };

/** Changes which files there are, not what is in them. */
export class ContentsArranger {
  readonly #root: Root;
  readonly #writer: ContentsWriter;

  constructor(root: Root, writer: ContentsWriter) {
    this.#root = root;
    this.#writer = writer;
  }

  /**
   * Makes a new file, notebook or folder under a name that is free.
   *
   * @param body - `{ type?, ext? }`
   * @throws {HttpError} 400 for a bad ending, 404 when the folder is missing
   */
  async create(folder: string, body: Readonly<Record<string, unknown>>): Promise<ContentsModel> {
    const place = await this.#findFolder(folder);
    const ending = readEnding(body["ext"]);
    const isNotebook = body["type"] === "notebook" || (!body["type"] && ending === ".ipynb");
    const type = isNotebook ? "notebook" : body["type"] === "directory" ? "directory" : "file";
    const [stem, extension] = {
      notebook: ["Untitled", ".ipynb"] as const,
      directory: ["Untitled Folder", ""] as const,
      file: ["untitled", ending] as const,
    }[type];
    const gap = type === "directory" ? " " : "";
    const name = await freeName(place, (count) =>
      count === 0 ? stem + extension : `${stem}${gap}${count}${extension}`,
    );
    const content =
      type === "notebook"
        ? { format: "json", content: EMPTY_NOTEBOOK }
        : { format: "text", content: "" };
    return (await this.#writer.save(joinApi(place.apiPath, name), { type, ...content })).model;
  }

  /**
   * Copies a file or folder into a folder, under its own name or the next "-Copy" name.
   *
   * @throws {HttpError} 404 when either is missing or leads out of the root
   */
  async copy(source: string, folder: string): Promise<ContentsModel> {
    const from = await this.#root.find(source);
    const place = await this.#findFolder(folder);
    const name = basename(from.apiPath);
    const ending = (await stat(from.path)).isDirectory() ? "" : extname(name);
    const stem = name.slice(0, name.length - ending.length).replace(/-Copy\d+$/, "");
    const free = await freeName(place, (count) =>
      count === 0 ? name : `${stem}-Copy${count}${ending}`,
    );
    const target = join(place.path, free);
    return explainDiskErrors(`copy "${from.apiPath}"`, async () => {
      await cp(from.path, target, {
        recursive: true,
        errorOnExist: true,
        force: false,
        verbatimSymlinks: true,
        filter: (path) => basename(path) !== CHECKPOINT_FOLDER,
      }).catch(explainCopy);
      return describeEntry(joinApi(place.apiPath, free), target, await stat(target));
    });
  }

  /**
   * Renames or moves, with its checkpoint.
   *
   * @throws {HttpError} 400 for the root, 409 when the new name is taken
   */
  async rename(apiPath: string, to: string): Promise<ContentsModel> {
    const old = await this.#root.find(apiPath, { hiddenStatus: 400 });
    const next = await this.#root.locate(to, { hiddenStatus: 400 });
    refuseRoot(old, "renamed");
    refuseRoot(next, "overwritten");
    return explainDiskErrors(`rename "${old.apiPath}"`, async () => {
      if (await isOther(old, next)) {
        const message = `"${next.apiPath}" already exists. Choose another name, or delete it first.`;
        throw new HttpError(409, message);
      }
      await rename(old.entry, next.entry);
      await moveCheckpoint(old.entry, next.entry);
      return describeEntry(next.apiPath, next.entry, await stat(next.entry));
    });
  }

  /**
   * Deletes a file with its checkpoint, or an empty folder. A link is deleted, not what it points to.
   *
   * @throws {HttpError} 400 for the root or a folder that holds something
   */
  async remove(apiPath: string): Promise<void> {
    const place = await this.#root.find(apiPath, { hiddenStatus: 400 });
    refuseRoot(place, "deleted");
    await explainDiskErrors(`delete "${place.apiPath}"`, async () => {
      if ((await lstat(place.entry)).isDirectory()) return removeFolder(place);
      await unlink(place.entry);
      await removeCheckpoint(place.entry);
    });
  }

  async #findFolder(apiPath: string): Promise<Place> {
    const place = await this.#root.find(apiPath);
    if ((await stat(place.path)).isDirectory()) return place;
    throw new HttpError(400, `"${place.apiPath}" is not a directory. Choose a directory.`);
  }
}

async function removeFolder(place: Place): Promise<void> {
  const left = (await readdir(place.entry)).filter((name) => name !== CHECKPOINT_FOLDER);
  if (left.length > 0) {
    throw new HttpError(
      400,
      `Directory "${place.apiPath}" is not empty: it holds ${left.length} entries, hidden ones included. Delete them first.`,
    );
  }
  await rm(join(place.entry, CHECKPOINT_FOLDER), { recursive: true, force: true });
  await rmdir(place.entry);
}

function refuseRoot(place: Place, action: string): void {
  if (place.apiPath !== "") return;
  throw new HttpError(400, `The root folder cannot be ${action}. Choose something inside it.`);
}

/** Whether two names mean different files; on some systems "A" and "a" are one. */
async function isOther(old: Place, next: Place): Promise<boolean> {
  if (!next.exists) return false;
  const [first, second] = await Promise.all([lstat(old.entry), lstat(next.entry)]);
  return first.ino !== second.ino || first.dev !== second.dev;
}

async function freeName(folder: Place, nameOf: (count: number) => string): Promise<string> {
  for (let count = 0; ; count++) {
    const name = nameOf(count);
    const present = await lstat(join(folder.path, name)).catch(() => undefined);
    if (present === undefined) return name;
  }
}

function joinApi(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

function readEnding(value: unknown): string {
  if (value === undefined || value === null || value === "") return "";
  if (typeof value === "string" && /^\.?[\w.+-]+$/.test(value)) {
    return value.startsWith(".") ? value : `.${value}`;
  }
  throw new HttpError(
    400,
    `ext must be an ending like ".txt", got ${JSON.stringify(value)}. Send one.`,
  );
}

function explainCopy(error: unknown): never {
  if (error instanceof Error && "code" in error && error.code === "ERR_FS_CP_EINVAL") {
    throw new HttpError(400, "A folder cannot be copied into itself. Choose another folder.", {
      cause: error,
    });
  }
  throw error;
}
