// Checkpoints: one earlier state of each file, kept beside it in a hidden folder as Jupyter does.
import { chmod, lstat, mkdir, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { HttpError } from "../errors.ts";
import { saveBytes } from "./atomic-write.ts";
import { explainDiskErrors } from "./disk-errors.ts";
import type { CheckpointModel } from "./model.ts";
import { findFile } from "./read-contents.ts";
import type { Place, Root } from "./root.ts";

/** The hidden folder that Jupyter uses for checkpoints. */
export const CHECKPOINT_FOLDER = ".ipynb_checkpoints";

const ONLY_ID = "checkpoint";

/** The checkpoints of one root. */
export class Checkpoints {
  readonly #root: Root;

  constructor(root: Root) {
    this.#root = root;
  }

  /** The checkpoint of a file, as a list of at most one. */
  async list(apiPath: string): Promise<CheckpointModel[]> {
    const { path } = await findFile(this.#root, apiPath);
    const facts = await stat(checkpointPath(path)).catch(() => undefined);
    return facts === undefined ? [] : [{ id: ONLY_ID, last_modified: facts.mtime.toISOString() }];
  }

  /** Keeps the present state of a file. */
  async create(apiPath: string): Promise<CheckpointModel> {
    const place = await findFile(this.#root, apiPath);
    const kept = checkpointPath(place.path);
    return explainDiskErrors(`make a checkpoint of "${place.apiPath}"`, async () => {
      await mkdir(dirname(kept), { recursive: true });
      await refuseLinkedFolder(dirname(kept));
      await saveBytes(kept, await readFile(place.path));
      await chmod(kept, (await stat(place.path)).mode & 0o777);
      return { id: ONLY_ID, last_modified: (await stat(kept)).mtime.toISOString() };
    });
  }

  /** @throws {HttpError} 404 when there is no such checkpoint */
  async restore(apiPath: string, id: string): Promise<void> {
    const { place, kept } = await this.#find(apiPath, id);
    await explainDiskErrors(`restore "${place.apiPath}"`, async () => {
      await saveBytes(place.path, await readFile(kept));
    });
  }

  /** @throws {HttpError} 404 when there is no such checkpoint */
  async remove(apiPath: string, id: string): Promise<void> {
    const { place, kept } = await this.#find(apiPath, id);
    await explainDiskErrors(`delete the checkpoint of "${place.apiPath}"`, () => rm(kept));
  }

  async #find(apiPath: string, id: string): Promise<{ place: Place; kept: string }> {
    const place = await findFile(this.#root, apiPath);
    const kept = checkpointPath(place.path);
    const facts = id === ONLY_ID ? await lstat(kept).catch(() => undefined) : undefined;
    if (!facts?.isFile()) {
      const message = `"${place.apiPath}" has no checkpoint "${id}". Save the file to make one.`;
      throw new HttpError(404, message);
    }
    await refuseLinkedFolder(dirname(kept));
    return { place, kept };
  }
}

/** Lets the checkpoint of a file follow it to its new name; a file without one is fine. */
export async function moveCheckpoint(from: string, to: string): Promise<void> {
  const kept = checkpointPath(from);
  if ((await lstat(kept).catch(() => undefined)) === undefined) return;
  const next = checkpointPath(to);
  await mkdir(dirname(next), { recursive: true });
  await refuseLinkedFolder(dirname(next));
  await rename(kept, next);
}

/** Forgets the checkpoint of a deleted file. */
export async function removeCheckpoint(path: string): Promise<void> {
  await refuseLinkedFolder(dirname(checkpointPath(path)));
  await rm(checkpointPath(path), { force: true });
}

function checkpointPath(path: string): string {
  const ending = extname(path);
  const name = `${basename(path, ending)}-checkpoint${ending}`;
  return join(dirname(path), CHECKPOINT_FOLDER, name);
}

/** A folder of checkpoints that is a link could lead out of the root. */
async function refuseLinkedFolder(folder: string): Promise<void> {
  const facts = await lstat(folder).catch(() => undefined);
  if (facts === undefined || facts.isDirectory()) return;
  throw new HttpError(
    400,
    `${CHECKPOINT_FOLDER} must be a folder, it is a link or a file. Delete it and save again.`,
  );
}
