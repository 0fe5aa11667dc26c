// Settings of the page: the schemas that its extensions bring, and what the user has changed.
import { mkdir, readFile, readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import JSON5 from "json5";
import { saveBytes } from "../contents/atomic-write.ts";
import { explainDiskErrors } from "../contents/disk-errors.ts";
import { HttpError } from "../errors.ts";
import { isObject, readObject } from "../http/read-body.ts";
import { empty, json } from "../http/reply.ts";
import { api } from "../http/router.ts";
import type { Route } from "../http/router.ts";

/** A plugin's settings as the page asks for them. */
export interface SettingsModel {
  readonly id: string;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly version: string;
  /** What the user wrote, comments included. */
  readonly raw: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly created: string | null;
  readonly last_modified: string | null;
}

type Schema = Record<string, unknown>;

/** The settings of one user for one page. */
export class SettingsStore {
  readonly #pageFolder: string;
  readonly #userFolder: string;
  #schemas: Promise<ReadonlyMap<string, Schema>> | undefined;

  /**
   * @param pageFolder - the built page: `schemas/` with a file for each plugin, `overrides.json` with other defaults
   * @param userFolder - where the user's own values are kept
   */
  constructor(pageFolder: string, userFolder: string) {
    this.#pageFolder = pageFolder;
    this.#userFolder = userFolder;
  }

  /** The settings of all plugins. */
  async list(): Promise<readonly SettingsModel[]> {
    const schemas = await this.#loadSchemas();
    return Promise.all([...schemas].map(([id, schema]) => this.#describe(id, schema)));
  }

  /** The names of all plugins that have settings. */
  async ids(): Promise<readonly string[]> {
    return [...(await this.#loadSchemas()).keys()];
  }

  /** @throws {HttpError} 404 for a plugin that brings no schema */
  async get(id: string): Promise<SettingsModel> {
    return this.#describe(id, await this.#findSchema(id));
  }

  /**
   * Keeps what the user wrote.
   *
   * @param raw - JSON with comments
   * @throws {HttpError} 400 when it does not parse, 404 for a plugin that brings no schema
   */
  async save(id: string, raw: string): Promise<void> {
    await this.#findSchema(id);
    try {
      if (raw.trim() !== "" && !isObject(JSON5.parse(raw))) {
        throw new HttpError(400, `The settings of ${id} must be a JSON object. Write { ... }.`);
      }
    } catch (error) {
      if (error instanceof HttpError) throw error;
      const message = `The settings of ${id} do not parse: ${(error as Error).message}. Correct the text.`;
      throw new HttpError(400, message, { cause: error });
    }
    const path = this.#pathOf(id);
    await explainDiskErrors(`save the settings of ${id}`, async () => {
      await mkdir(dirname(path), { recursive: true });
      await saveBytes(path, raw);
    });
  }

  async #findSchema(id: string): Promise<Schema> {
    const schema = (await this.#loadSchemas()).get(id);
    if (schema !== undefined) return schema;
    throw new HttpError(404, `No plugin has the settings "${id}". See /lab/api/settings.`);
  }

  async #describe(id: string, schema: Schema): Promise<SettingsModel> {
    const path = this.#pathOf(id);
    const raw = await readFile(path, "utf8").catch(() => undefined);
    const facts = raw === undefined ? undefined : await stat(path).catch(() => undefined);
    return {
      id,
      schema,
      version: typeof schema["version"] === "string" ? schema["version"] : "",
      raw: raw ?? "{}",
      settings: parseSettings(raw),
      created: facts?.birthtime.toISOString() ?? null,
      last_modified: facts?.mtime.toISOString() ?? null,
    };
  }

  /** Only ids of known schemas come here, so a name cannot leave the folder. */
  #pathOf(id: string): string {
    const [extension = "", plugin = ""] = id.split(":");
    return join(this.#userFolder, ...extension.split("/"), `${plugin}.jupyterlab-settings`);
  }

  #loadSchemas(): Promise<ReadonlyMap<string, Schema>> {
    this.#schemas ??= loadSchemas(this.#pageFolder);
    return this.#schemas;
  }
}

/** The routes of `/lab/api/settings`. */
export function settingsRoutes(store: SettingsStore): readonly Route[] {
  return [
    api("GET", "/lab/api/settings", async ({ url }) => {
      if (url.searchParams.get("ids_only") !== "true") {
        return json(200, { settings: await store.list() });
      }
      return json(200, { settings: (await store.ids()).map((id) => ({ id })) });
    }),
    api("GET", "/lab/api/settings/*id", async ({ parameters }) =>
      json(200, await store.get(parameters["id"] ?? "")),
    ),
    api("PUT", "/lab/api/settings/*id", async ({ request, parameters }) => {
      const { raw } = await readObject(request);
      if (typeof raw !== "string") throw new HttpError(400, "Settings are sent as { raw: text }.");
      await store.save(parameters["id"] ?? "", raw);
      return empty(204);
    }),
  ];
}

async function loadSchemas(pageFolder: string): Promise<ReadonlyMap<string, Schema>> {
  const folder = join(pageFolder, "schemas");
  const schemas = new Map<string, Schema>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile() || !entry.name.endsWith(".json")) continue;
    const extension = entry.parentPath.slice(folder.length + 1).replaceAll("\\", "/");
    const id = `${extension}:${entry.name.slice(0, -".json".length)}`;
    const schema: unknown = JSON.parse(await readFile(join(entry.parentPath, entry.name), "utf8"));
    if (isObject(schema)) schemas.set(id, schema);
  }
  await applyOverrides(schemas, join(pageFolder, "overrides.json"));
  return schemas;
}

/** Other defaults than those of the schemas, as `{ plugin id: { setting: value } }`. */
async function applyOverrides(schemas: ReadonlyMap<string, Schema>, path: string): Promise<void> {
  const text = await readFile(path, "utf8").catch(() => "{}");
  const overrides: unknown = JSON.parse(text);
  if (!isObject(overrides)) return;
  for (const [id, values] of Object.entries(overrides)) {
    const schema = schemas.get(id);
    if (schema === undefined || !isObject(values)) continue;
    const properties = isObject(schema["properties"]) ? { ...schema["properties"] } : {};
    for (const [name, value] of Object.entries(values)) {
      const property = properties[name];
      properties[name] = { ...(isObject(property) ? property : {}), default: value };
    }
    schema["properties"] = properties;
  }
}

/** What a damaged file said is ignored: the page then shows the defaults and the raw text. */
function parseSettings(raw: string | undefined): Record<string, unknown> {
  if (raw === undefined) return {};
  try {
    const value: unknown = JSON5.parse(raw);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
