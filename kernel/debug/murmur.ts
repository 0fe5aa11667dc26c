// MurmurHash2 of a text: how a front end and a kernel agree on a cell's path without asking each other.

const MULTIPLIER = 0x5bd1e995;

/**
 * The 32-bit MurmurHash2 of a text's UTF-8 bytes, as an unsigned integer.
 *
 * @source Appleby 2008, MurmurHash2 (`MurmurHash2.cpp`); Jupyter names it `Murmur2`
 */
export function murmur2(text: string, seed: number): number {
  const bytes = new TextEncoder().encode(text);
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - (bytes.length % 4);
  let hash = seed ^ bytes.length;
  for (let at = 0; at < end; at += 4) {
    let word = Math.imul(words.getUint32(at, true), MULTIPLIER);
    word = Math.imul(word ^ (word >>> 24), MULTIPLIER);
    hash = Math.imul(hash, MULTIPLIER) ^ word;
  }
  if (end < bytes.length) {
    for (let at = end; at < bytes.length; at++) hash ^= bytes[at]! << (8 * (at - end));
    hash = Math.imul(hash, MULTIPLIER);
  }
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER);
  return (hash ^ (hash >>> 15)) >>> 0;
}
