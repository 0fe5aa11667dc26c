// Picture files as addresses that carry the picture itself, for pages that need no other file.
import { readFileSync } from "node:fs";
import { extname } from "node:path";

const TYPES: Record<string, string> = {
  ".png": "png",
  ".jpg": "jpeg",
  ".jpeg": "jpeg",
  ".gif": "gif",
  ".webp": "webp",
  ".svg": "svg+xml",
};

/** The `data:` address of a picture file; undefined when there is none, or it is no picture. */
export function imageAddress(path: string): string | undefined {
  const type = TYPES[extname(path).toLowerCase()];
  if (type === undefined) return undefined;
  try {
    return `data:image/${type};base64,${readFileSync(path).toString("base64")}`;
  } catch {
    return undefined;
  }
}
