// The kernels API: what can be started, what runs, and start, interrupt, restart and end.
import { readdirSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import type { Root } from "../contents/root.ts";
import { HttpError } from "../errors.ts";
import { readObject } from "../http/read-body.ts";
import { empty, file, json } from "../http/reply.ts";
import type { Reply } from "../http/reply.ts";
import { api } from "../http/router.ts";
import type { Route } from "../http/router.ts";
import type { KernelManager } from "./kernel-manager.ts";
import type { NamedSpec } from "./kernel-spec.ts";
import { workingFolder } from "./working-folder.ts";

const RESOURCE_POLICY = "frame-ancestors 'self'; sandbox";

/** The routes of `/api/kernelspecs` and `/api/kernels`. */
export function kernelRoutes(manager: KernelManager, root: Root): readonly Route[] {
  return [
    api("GET", "/api/kernelspecs", () => {
      const entries = [...manager.specs().values()].map(describeSpec);
      const kernelspecs = Object.fromEntries(entries.map((entry) => [entry.name, entry]));
      return json(200, { default: manager.defaultKernel, kernelspecs });
    }),
    api("GET", "/api/kernelspecs/:name", ({ parameters }) =>
      json(200, describeSpec(findSpec(manager, parameters["name"]))),
    ),
    api("GET", "/kernelspecs/:name/*path", ({ parameters }) =>
      sendResource(findSpec(manager, parameters["name"]), parameters["path"] ?? ""),
    ),
    api("GET", "/api/kernels", () =>
      json(
        200,
        manager.list().map((kernel) => kernel.describe()),
      ),
    ),
    api("POST", "/api/kernels", async ({ request }) => {
      const body = await readObject(request);
      const name = typeof body["name"] === "string" ? body["name"] : undefined;
      const path = typeof body["path"] === "string" ? body["path"] : undefined;
      const kernel = await manager.start(name, await workingFolder(root, path), path);
      return json(201, kernel.describe(), { Location: `/api/kernels/${kernel.id}` });
    }),
    ...oneKernelRoutes(manager),
  ];
}

function oneKernelRoutes(manager: KernelManager): readonly Route[] {
  return [
    api("GET", "/api/kernels/:id", ({ parameters }) =>
      json(200, manager.get(parameters["id"] ?? "").describe()),
    ),
    api("DELETE", "/api/kernels/:id", async ({ parameters }) => {
      await manager.remove(parameters["id"] ?? "");
      return empty(204);
    }),
    api("POST", "/api/kernels/:id/interrupt", ({ parameters }) => {
      manager.get(parameters["id"] ?? "").interrupt();
      return empty(204);
    }),
    api("POST", "/api/kernels/:id/restart", async ({ parameters }) => {
      const kernel = manager.get(parameters["id"] ?? "");
      await kernel.restart();
      return json(200, kernel.describe());
    }),
  ];
}

function findSpec(manager: KernelManager, name: string | undefined): NamedSpec {
  const spec = name === undefined ? undefined : manager.specs().get(name);
  if (spec !== undefined) return spec;
  throw new HttpError(404, `No such kernel: "${name}". See /api/kernelspecs for the names.`);
}

function describeSpec(kernel: NamedSpec): { name: string; spec: object; resources: object } {
  const { name, folder, spec } = kernel;
  const resources = listResources(folder).map((entry) => {
    const key = entry.startsWith("logo-") ? entry.replace(/\.\w+$/, "") : entry;
    return [key, `/kernelspecs/${encodeURIComponent(name)}/${encodeURIComponent(entry)}`] as const;
  });
  return { name, spec, resources: Object.fromEntries(resources) };
}

function listResources(folder: string | undefined): string[] {
  if (folder === undefined) return [];
  const isResource = /^(?:logo-(?:\d+x\d+\.png|svg\.svg)|kernel\.(?:js|css))$/;
  try {
    return readdirSync(folder).filter((entry) => isResource.test(entry));
  } catch {
    return [];
  }
}

/** Only what is listed is sent, and nothing that a link leads to elsewhere. */
async function sendResource(kernel: NamedSpec, path: string): Promise<Reply> {
  if (kernel.folder !== undefined && listResources(kernel.folder).includes(path)) {
    const real = await realpath(join(kernel.folder, path));
    if (real.startsWith((await realpath(kernel.folder)) + sep)) {
      return file(real, { headers: { "Content-Security-Policy": RESOURCE_POLICY } });
    }
  }
  throw new HttpError(404, `The kernel "${kernel.name}" has no file "${path}". See its resources.`);
}
