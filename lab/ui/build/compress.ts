// Compressed copies beside the files of the page, so that the server never compresses while it serves.
import { readdirSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

const compress = promisify(gzip);
const COMPRESSIBLE: ReadonlySet<string> = new Set([
  ".js",
  ".css",
  ".json",
  ".svg",
  ".txt",
  ".ttf",
  ".eot",
]);
const WORTH_IT_BYTES = 1024;

/** Writes `name.gz` beside every text file of a folder that is over 1 KiB. */
export async function compressFiles(folder: string): Promise<void> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && COMPRESSIBLE.has(extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name));
  await Promise.all(files.map(compressFile));
}

async function compressFile(file: string): Promise<void> {
  const bytes = await readFile(file);
  if (bytes.length > WORTH_IT_BYTES)
    await writeFile(`${file}.gz`, await compress(bytes, { level: 9 }));
}
