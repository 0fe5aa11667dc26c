// Named sections of client configuration, which older extensions keep on the server.
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { saveBytes } from "../contents/atomic-write.ts";
import { explainDiskErrors } from "../contents/disk-errors.ts";
import { HttpError } from "../errors.ts";
import { isObject, readObject } from "../http/read-body.ts";
import { empty, json } from "../http/reply.ts";
import { api } from "../http/router.ts";
import type { Route } from "../http/router.ts";

type Section = Record<string, unknown>;

/** The routes of `/api/config`. */
export function configRoutes(folder: string): readonly Route[] {
  const pattern = "/api/config/:section";
  return [
    api("GET", pattern, async ({ parameters }) =>
      json(200, await readSection(sectionFile(folder, parameters["section"]))),
    ),
    api("PUT", pattern, async ({ request, parameters }) => {
      await writeSection(sectionFile(folder, parameters["section"]), await readObject(request));
      return empty(204);
    }),
    api("PATCH", pattern, async ({ request, parameters }) => {
      const path = sectionFile(folder, parameters["section"]);
      const merged = merge(await readSection(path), await readObject(request));
      await writeSection(path, merged);
      return json(200, merged);
    }),
  ];
}

function sectionFile(folder: string, name = ""): string {
  if (/^\w{1,64}$/.test(name)) return join(folder, `${name}.json`);
  throw new HttpError(
    400,
    `A section is named with letters, digits and _, got "${name.slice(0, 64)}". Rename it.`,
  );
}

async function readSection(path: string): Promise<Section> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

async function writeSection(path: string, section: Section): Promise<void> {
  await explainDiskErrors("save the configuration", async () => {
    await mkdir(join(path, ".."), { recursive: true, mode: 0o700 });
    await saveBytes(path, JSON.stringify(section, undefined, 2));
  });
}

/** Puts changes over what there is; null takes a value away. */
function merge(old: Section, changes: Section): Section {
  const merged = new Map(Object.entries(old));
  for (const [name, value] of Object.entries(changes)) {
    const before = merged.get(name);
    if (value === null) merged.delete(name);
    else if (isObject(value)) merged.set(name, merge(isObject(before) ? before : {}, value));
    else merged.set(name, value);
  }
  return Object.fromEntries(merged);
}
