// Workspaces: the layout of the page, kept so that a reload finds everything where it was.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { saveBytes } from "../contents/atomic-write.ts";
import { explainDiskErrors } from "../contents/disk-errors.ts";
import { HttpError } from "../errors.ts";
import { isObject, readObject } from "../http/read-body.ts";
import { empty, json } from "../http/reply.ts";
import { api } from "../http/router.ts";
import type { Route } from "../http/router.ts";

const ENDING = ".jupyterlab-workspace";

/** A layout under its name. */
export interface Workspace {
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** The workspaces of one user. */
export class WorkspaceStore {
  readonly #folder: string;

  /** @param folder - where the layouts are kept; made when first needed */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** All layouts; a damaged file is left out. */
  async list(): Promise<readonly Workspace[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const files = names.filter((name) => name.endsWith(ENDING));
    const found = await Promise.all(files.map((name) => readWorkspace(join(this.#folder, name))));
    return found.filter((workspace) => workspace !== undefined);
  }

  /** A layout; an empty one when there is none of this name. */
  async get(name: string): Promise<Workspace> {
    const workspace = await readWorkspace(this.#pathOf(name));
    return workspace ?? { data: {}, metadata: { id: name } };
  }

  /** @throws {HttpError} 400 when data or the name is missing */
  async save(name: string, body: Readonly<Record<string, unknown>>): Promise<void> {
    const { data, metadata } = body;
    if (!isObject(data) || !isObject(metadata) || metadata["id"] !== name) {
      throw new HttpError(
        400,
        "A workspace is { data, metadata: { id } } with the id of its address. Send all of them.",
      );
    }
    await explainDiskErrors(`save the workspace "${name}"`, async () => {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await saveBytes(this.#pathOf(name), JSON.stringify({ data, metadata }));
    });
  }

  /** @throws {HttpError} 404 when there is none of this name */
  async remove(name: string): Promise<void> {
    await rm(this.#pathOf(name)).catch((error: unknown) => {
      throw new HttpError(404, `No workspace "${name}". See /lab/api/workspaces.`, {
        cause: error,
      });
    });
  }

  /** A file name that holds no part of a path, and differs for different names. */
  #pathOf(name: string): string {
    const readable = name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "-")
      .slice(0, 64);
    const digest = createHash("sha256").update(name).digest("hex").slice(0, 12);
    return join(this.#folder, `${readable}-${digest}${ENDING}`);
  }
}

/** The routes of `/lab/api/workspaces`. */
export function workspaceRoutes(store: WorkspaceStore): readonly Route[] {
  return [
    api("GET", "/lab/api/workspaces", async () => {
      const values = await store.list();
      return json(200, {
        workspaces: { ids: values.map(({ metadata }) => metadata["id"]), values },
      });
    }),
    api("GET", "/lab/api/workspaces/*name", async ({ parameters }) =>
      json(200, await store.get(parameters["name"] ?? "")),
    ),
    api("PUT", "/lab/api/workspaces/*name", async ({ request, parameters }) => {
      await store.save(parameters["name"] ?? "", await readObject(request));
      return empty(204);
    }),
    api("DELETE", "/lab/api/workspaces/*name", async ({ parameters }) => {
      await store.remove(parameters["name"] ?? "");
      return empty(204);
    }),
  ];
}

async function readWorkspace(path: string): Promise<Workspace | undefined> {
  try {
    const facts = await stat(path);
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    if (!isObject(value) || !isObject(value["data"]) || !isObject(value["metadata"])) {
      return undefined;
    }
    const times = {
      created: facts.birthtime.toISOString(),
      last_modified: facts.mtime.toISOString(),
    };
    return { data: value["data"], metadata: { ...value["metadata"], ...times } };
  } catch {
    return undefined;
  }
}
