// Writing a zip archive: every file as it is, and the directory behind them.
import { crc32 } from "node:zlib";
import { ArgumentError } from "../errors.ts";
import { joinBytes } from "./elements.ts";
import { quoted } from "./excerpt.ts";

/** Contents of a file under its name. */
export type NamedBytes = readonly [name: string, bytes: Uint8Array];

/** The version of the format that has everything used here. */
const VERSION = 20;
const STORED = 0;
/** Time 0 of 1 January 1980, the first that the format can write: the same files give the same archive. */
const FIRST_DAY = [0, 0x0021] as const;
/** Larger numbers need the records of zip64. */
const MOST = { files: 0xfffe, bytes: 0xfffffffe, name: 0xffff };

/**
 * An archive of files that are not packed.
 *
 * @throws {ArgumentError} when it would be larger than 4 GiB or hold 65,535 files
 */
export function writeZip(owner: string, files: readonly NamedBytes[]): Uint8Array {
  checkRoom(owner, files);
  const pieces: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const [name, bytes] of files) {
    const nameBytes = Buffer.from(name);
    // Whether the name is more than ASCII, method, time, day, checksum, packed and unpacked size, length of the name.
    const common = record([
      [VERSION, 2],
      [nameBytes.length > name.length ? 0x800 : 0, 2],
      [STORED, 2],
      [FIRST_DAY[0], 2],
      [FIRST_DAY[1], 2],
      [crc32(bytes), 4],
      [bytes.length, 4],
      [bytes.length, 4],
      [nameBytes.length, 2],
      [0, 2],
    ]);
    const local = joinBytes([record([[0x04034b50, 4]]), common, nameBytes]);
    pieces.push(local, bytes);
    // No comment, first disk, no attributes, and where the file begins.
    const place = record([
      [0, 2],
      [0, 2],
      [0, 2],
      [0, 4],
      [offset, 4],
    ]);
    directory.push(
      record([
        [0x02014b50, 4],
        [VERSION, 2],
      ]),
      common,
      place,
      nameBytes,
    );
    offset += local.length + bytes.length;
  }
  const central = joinBytes(directory);
  // First disk twice, number of files twice, length and start of the directory, no comment.
  const end = record([
    [0x06054b50, 4],
    [0, 2],
    [0, 2],
    [files.length, 2],
    [files.length, 2],
    [central.length, 4],
    [offset, 4],
    [0, 2],
  ]);
  return joinBytes([...pieces, central, end]);
}

// Numbers of a few bytes each, little-endian, one behind the other.
function record(fields: readonly (readonly [value: number, bytes: number])[]): Uint8Array {
  const bytes = Buffer.alloc(fields.reduce((length, [, width]) => length + width, 0));
  let at = 0;
  for (const [value, width] of fields) at = bytes.writeUIntLE(value, at, width);
  return bytes;
}

function checkRoom(owner: string, files: readonly NamedBytes[]): void {
  const longest = files.find(([name]) => Buffer.byteLength(name) > MOST.name)?.[0];
  if (longest !== undefined) {
    throw new ArgumentError(
      `${owner}: a name takes at most ${MOST.name} bytes, got ${quoted(longest)} with ${Buffer.byteLength(longest)}. Shorten it.`,
    );
  }
  // 76 bytes of records for each file, its name twice, and 22 at the end.
  const bytes = files.reduce(
    (sum, [name, { length }]) => sum + length + 76 + 2 * Buffer.byteLength(name),
    22,
  );
  if (files.length <= MOST.files && bytes <= MOST.bytes) return;
  throw new ArgumentError(
    `${owner}: a zip archive has room for 4 GiB and ${MOST.files} files, got ${bytes} bytes in ${files.length} files. Write a safetensors file instead.`,
  );
}
