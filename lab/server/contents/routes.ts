// The contents API: files, notebooks and folders under the root.
import { readFile } from "node:fs/promises";
import { basename, sep } from "node:path";
import { HttpError } from "../errors.ts";
import { FILE_BODY_BYTES, readObject } from "../http/read-body.ts";
import { empty, file, json } from "../http/reply.ts";
import type { Reply } from "../http/reply.ts";
import { api } from "../http/router.ts";
import type { Exchange, Route } from "../http/router.ts";
import { ContentsArranger } from "./arrange-contents.ts";
import { Checkpoints } from "./checkpoints.ts";
import { isNotebookName } from "./model.ts";
import type { ContentsModel } from "./model.ts";
import { parseNotebook } from "./notebook-text.ts";
import { ContentsReader, findFile } from "./read-contents.ts";
import type { Root } from "./root.ts";
import type { TrustStore } from "./trust.ts";
import { ContentsWriter } from "./write-contents.ts";

/** What a page from the root may do: run its scripts, but not as this server's own page. */
const FILE_POLICY = "frame-ancestors 'self'; sandbox allow-scripts";
const TYPES = new Set(["directory", "file", "notebook"]);
const FORMATS = new Set(["text", "base64", "json"]);

/** Told about every change of a file: `get`, `save`, `rename` (with the old path) and `delete`. */
export type ContentsListener = (action: string, path: string, oldPath?: string) => void;

/** The routes of `/api/contents` and `/files`. */
export function contentsRoutes(
  root: Root,
  trust: TrustStore,
  onChange: ContentsListener,
): readonly Route[] {
  const reader = new ContentsReader(root, trust);
  const writer = new ContentsWriter(root, trust);
  const arranger = new ContentsArranger(root, writer);
  return [
    ...checkpointRoutes(new Checkpoints(root)),
    api("POST", "/api/contents/*path/trust", async ({ parameters }) => {
      await trustFile(root, trust, pathOf(parameters));
      return json(201, {});
    }),
    api("GET", "/api/contents/*path", async (exchange) => {
      const options = readOptions(exchange.url);
      const model = await reader.read(pathOf(exchange.parameters), options);
      if (options.wantsContent) onChange("get", model.path);
      return json(200, model);
    }),
    api("PUT", "/api/contents/*path", async ({ request, parameters }) => {
      const body = await readObject(request, FILE_BODY_BYTES);
      const { model, isNew } = await writer.save(pathOf(parameters), body);
      onChange("save", model.path);
      return isNew ? created(model) : json(200, model);
    }),
    api("POST", "/api/contents/*path", async ({ request, parameters }) => {
      const body = await readObject(request);
      const source = body["copy_from"];
      const folder = pathOf(parameters);
      if (typeof source === "string") return created(await arranger.copy(source, folder));
      return created(await arranger.create(folder, body));
    }),
    api("PATCH", "/api/contents/*path", async ({ request, parameters }) => {
      const { path } = await readObject(request);
      if (typeof path !== "string") {
        throw new HttpError(400, "To rename, send the new path as { path }.");
      }
      const model = await arranger.rename(pathOf(parameters), path);
      onChange("rename", model.path, pathOf(parameters));
      return json(200, model);
    }),
    api("DELETE", "/api/contents/*path", async ({ parameters }) => {
      await arranger.remove(pathOf(parameters));
      onChange("delete", pathOf(parameters));
      return empty(204);
    }),
    api("GET", "/files/*path", (exchange) => sendRaw(root, exchange)),
    api("GET", "/api/resolvePath", ({ url }) => resolvePath(root, url)),
  ];
}

function checkpointRoutes(checkpoints: Checkpoints): readonly Route[] {
  const one = "/api/contents/*path/checkpoints/:id";
  return [
    api("GET", "/api/contents/*path/checkpoints", async ({ parameters }) =>
      json(200, await checkpoints.list(pathOf(parameters))),
    ),
    api("POST", "/api/contents/*path/checkpoints", async ({ parameters }) =>
      json(201, await checkpoints.create(pathOf(parameters))),
    ),
    api("POST", one, async ({ parameters }) => {
      await checkpoints.restore(pathOf(parameters), parameters["id"] ?? "");
      return empty(204);
    }),
    api("DELETE", one, async ({ parameters }) => {
      await checkpoints.remove(pathOf(parameters), parameters["id"] ?? "");
      return empty(204);
    }),
  ];
}

async function trustFile(root: Root, trust: TrustStore, apiPath: string): Promise<void> {
  const place = await findFile(root, apiPath);
  await trust.trust(parseNotebook(await readFile(place.path, "utf8"), place.apiPath));
}

async function sendRaw(root: Root, { url, parameters }: Exchange): Promise<Reply> {
  const place = await findFile(root, pathOf(parameters));
  const name = basename(place.apiPath);
  const isDownload = url.searchParams.has("download") || isNotebookName(name);
  const disposition = `attachment; filename*=utf-8''${encodeURIComponent(name)}`;
  const headers = {
    "Content-Security-Policy": FILE_POLICY,
    ...(isDownload ? { "Content-Disposition": disposition } : {}),
  };
  return file(place.path, { headers });
}

/** Where a path of a traceback lies under the root; an empty list when it does not. */
async function resolvePath(root: Root, url: URL): Promise<Reply> {
  const asked = url.searchParams.get("path") ?? "";
  const isAbsolute = asked.startsWith(root.folder + sep);
  const apiPath = isAbsolute ? asked.slice(root.folder.length).replaceAll(sep, "/") : asked;
  const place = await findFile(root, apiPath).catch(() => undefined);
  const resolved = place === undefined ? [] : [{ path: place.apiPath, scope: "server" }];
  return json(200, { resolved, unresolved: [] });
}

function created(model: ContentsModel): Reply {
  const address = model.path.split("/").map(encodeURIComponent).join("/");
  return json(201, model, { Location: `/api/contents/${address}` });
}

function pathOf(parameters: Readonly<Record<string, string>>): string {
  return parameters["path"] ?? "";
}

function readOptions(url: URL): Parameters<ContentsReader["read"]>[1] {
  const query = url.searchParams;
  const type = query.get("type") ?? undefined;
  const format = query.get("format") ?? undefined;
  if (type !== undefined && !TYPES.has(type)) {
    throw new HttpError(400, `type must be directory, file or notebook, got "${type}". Send one.`);
  }
  if (format !== undefined && !FORMATS.has(format)) {
    throw new HttpError(400, `format must be text, base64 or json, got "${format}". Send one.`);
  }
  const wantsContent = query.get("content") !== "0";
  return { type, format, wantsContent, wantsHash: query.get("hash") === "1" };
}
