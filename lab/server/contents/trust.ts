// Remembers which notebooks the user trusts, so that only their saved scripts run when they are opened.
import { createHmac, randomBytes } from "node:crypto";
import { appendFile, chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isObject } from "../http/read-body.ts";
import { saveBytes } from "./atomic-write.ts";
import type { Notebook, NotebookCell } from "./notebook-text.ts";

const MOST_SIGNATURES = 65_536;
const KEPT_SIGNATURES = 49_152;
const HARMLESS_TYPES = new Set(["text/plain", "image/png", "image/jpeg"]);

/** The signatures of trusted notebooks, kept in a folder of the user. */
export class TrustStore {
  readonly #folder: string;

  /** @param folder - where the secret and the signatures lie; made when first needed */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Whether exactly this content was signed before. */
  async isTrusted(notebook: Notebook): Promise<boolean> {
    const known = await readFile(this.#signaturesFile, "utf8").catch(() => "");
    return known !== "" && known.includes(await this.#sign(notebook));
  }

  /** Remembers this content as trusted. */
  async trust(notebook: Notebook): Promise<void> {
    const signature = await this.#sign(notebook);
    const known = (await readFile(this.#signaturesFile, "utf8").catch(() => "")).split("\n");
    if (known.includes(signature)) return;
    if (known.length > MOST_SIGNATURES) {
      await saveBytes(this.#signaturesFile, known.slice(-KEPT_SIGNATURES).join("\n"));
    }
    await appendFile(this.#signaturesFile, `${signature}\n`, { mode: 0o600 });
  }

  get #signaturesFile(): string {
    return join(this.#folder, "signatures.txt");
  }

  async #sign(notebook: Notebook): Promise<string> {
    const bare = {
      ...notebook,
      metadata: without(notebook.metadata, "signature"),
      cells: notebook.cells.map((cell) => ({
        ...cell,
        metadata: without(cell.metadata, "trusted"),
      })),
    };
    const text = JSON.stringify(sortKeys(bare));
    return createHmac("sha256", await this.#secret())
      .update(text)
      .digest("hex");
  }

  async #secret(): Promise<Buffer> {
    const file = join(this.#folder, "secret");
    const present = await readFile(file).catch(() => undefined);
    if (present !== undefined && present.length >= 32) return present;
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await chmod(this.#folder, 0o700);
    await writeFile(file, randomBytes(64).toString("base64"), { mode: 0o600 });
    return readFile(file);
  }
}

/** Whether every output either was made in this session, or cannot run anything. */
export function mayBeTrusted(notebook: Notebook): boolean {
  return notebook.cells.every((cell) => cell.metadata?.["trusted"] === true || isHarmless(cell));
}

/** Tells the client, in the metadata of each code cell, whether to run what is saved in its outputs. */
export function markTrusted(notebook: Notebook, isTrusted: boolean): void {
  for (const cell of notebook.cells) {
    if (cell.cell_type === "code") cell.metadata = { ...cell.metadata, trusted: isTrusted };
  }
}

/** The notebook as it belongs on disk: the mark of trust is no part of the file. */
export function withoutTrustMarks(notebook: Notebook): Notebook {
  const cells = notebook.cells.map((cell) =>
    cell.metadata === undefined ? cell : { ...cell, metadata: without(cell.metadata, "trusted") },
  );
  return { ...notebook, cells };
}

function isHarmless(cell: NotebookCell): boolean {
  if (!Array.isArray(cell.outputs)) return true;
  return cell.outputs.every((output: unknown) => {
    const data = isObject(output) ? output["data"] : undefined;
    return !isObject(data) || Object.keys(data).every((type) => HARMLESS_TYPES.has(type));
  });
}

function without(
  metadata: Record<string, unknown> | undefined,
  name: string,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(metadata ?? {}).filter(([key]) => key !== name));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isObject(value)) return value;
  const entries = Object.keys(value)
    .sort()
    .map((key) => [key, sortKeys(value[key])] as const);
  return Object.fromEntries(entries);
}
