// Sound files recognised by their first bytes, shown with a player.
import { byteSize } from "./image-bytes.ts";
import type { MimeBundle } from "./mime-bundle.ts";

// The first bytes of each kind, as the Latin-1 characters of their values.
const KINDS: readonly { mime: string; name: string; head: RegExp }[] = [
  { mime: "audio/wav", name: "WAV", head: /^RIFF[^]{4}WAVE/ },
  { mime: "audio/mpeg", name: "MP3", head: /^(?:ID3|\u00FF[\u00F2\u00F3\u00FA\u00FB])/ },
  { mime: "audio/ogg", name: "Ogg", head: /^OggS/ },
  { mime: "audio/flac", name: "FLAC", head: /^fLaC/ },
];

/** A player for the bytes of a sound file; undefined when they are something else. */
export function audioBundle(bytes: Uint8Array): MimeBundle | undefined {
  const head = Buffer.from(bytes.subarray(0, 16)).toString("latin1");
  const kind = KINDS.find((one) => one.head.test(head));
  if (!kind) return undefined;
  const { buffer, byteOffset, byteLength } = bytes;
  const base64 = Buffer.from(buffer, byteOffset, byteLength).toString("base64");
  return {
    "text/html": `<audio controls src="data:${kind.mime};base64,${base64}"></audio>`,
    "text/plain": `${kind.name} audio, ${byteSize(bytes.length)}`,
  };
}
