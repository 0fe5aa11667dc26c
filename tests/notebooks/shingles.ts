// Hashes of eight words in a row: they tell copied prose from new prose, and nobody can read the text back from them.
import { createHash } from "node:crypto";

/** Words in one shingle. */
export const SHINGLE_WORDS = 8;
/** Bytes kept of each SHA-256: at 13,000 shingles a chance hit in a chapter is rarer than 1 in 8 million. */
const HASH_BYTES = 6;

/**
 * The words of a text, lower case, without formulas, code fences' marks, link targets and other markup.
 *
 * @param text - Markdown or plain text
 */
export function wordsOf(text: string): string[] {
  const prose = text
    .replaceAll(/\$\$[\s\S]*?\$\$|\$[^$\n]*\$/g, " ")
    .replaceAll(/<[^>\n]+>/g, " ")
    .replaceAll(/\]\([^)\n]*\)/g, " ")
    .toLowerCase();
  return prose.match(/[a-z0-9]+(?:'[a-z]+)?/g) ?? [];
}

/** Every run of eight words with its hash, in reading order. */
export function shinglesOf(text: string): { readonly hash: string; readonly words: string }[] {
  const words = wordsOf(text);
  return words.slice(0, Math.max(0, words.length - SHINGLE_WORDS + 1)).map((_, start) => {
    const run = words.slice(start, start + SHINGLE_WORDS).join(" ");
    return { hash: hashOf(run), words: run };
  });
}

/** Packs hashes as sorted bytes in base64, broken into lines, so that a diff of the file stays small. */
export function packHashes(hashes: Iterable<string>): string {
  const sorted = [...new Set(hashes)].sort();
  const base64 = Buffer.from(sorted.join(""), "hex").toString("base64");
  return `${base64.match(/.{1,96}/g)?.join("\n") ?? ""}\n`;
}

/** Reads what `packHashes` wrote. */
export function unpackHashes(packed: string): Set<string> {
  const hex = Buffer.from(packed, "base64").toString("hex");
  return new Set(hex.match(new RegExp(`.{${String(HASH_BYTES * 2)}}`, "g")));
}

function hashOf(run: string): string {
  return createHash("sha256")
    .update(run)
    .digest("hex")
    .slice(0, HASH_BYTES * 2);
}
