// zip, an archive: files one behind the other, and a directory at the end that says where each lies and how it is packed.
import { constants, crc32, inflateRawSync, type ZlibOptions } from "node:zlib";
import { DataError } from "../errors.ts";
import { quoted } from "./excerpt.ts";

/** A file in an archive, as the directory describes it. */
export interface ZipEntry {
  readonly name: string;
  /** 0: as it is; 8: by deflate. */
  readonly method: number;
  /** Bytes of the unpacked file, by the directory. */
  readonly size: number;
  /** CRC-32 of the unpacked file, by the directory. */
  readonly checksum: number;
  /** The packed bytes. */
  readonly packed: Uint8Array;
}

const LOCAL = { signature: 0x04034b50, bytes: 30 };
const CENTRAL = { signature: 0x02014b50, bytes: 46 };
const END = { signature: 0x06054b50, bytes: 22 };
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;
/** What a field holds when its value stands in a zip64 record. */
const IN_ZIP64 = { count: 0xffff, size: 0xffffffff };

/**
 * The files of an archive, still packed.
 *
 * @throws {DataError} when the archive is damaged, or uses what only other kinds of archives need
 */
export function readZip(owner: string, bytes: Uint8Array): ZipEntry[] {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const directory = findDirectory(owner, file);
  const entries: (ZipEntry & { start: number; end: number })[] = [];
  let at = directory.start;
  for (let index = 0; index < directory.count; index++) {
    const isEntry =
      at + CENTRAL.bytes <= directory.end && file.readUInt32LE(at) === CENTRAL.signature;
    if (!isEntry) throw damaged(owner, `entry ${index} of its directory is missing`);
    entries.push(entryAt(owner, file, { at, directoryStart: directory.start }));
    at += CENTRAL.bytes + sumOfLengths(file, at + 28, 3);
  }
  if (at !== directory.end) throw damaged(owner, "its directory has another length than it says");
  checkApart(owner, entries);
  return entries;
}

/**
 * The unpacked file.
 *
 * @throws {DataError} when its length or checksum is not that of the directory
 */
export function unpack(owner: string, { method, packed, size, checksum }: ZipEntry): Uint8Array {
  const isPacked = method === DEFLATED;
  const bytes = isPacked ? inflated(owner, packed, { maxOutputLength: Math.max(1, size) }) : packed;
  if (bytes.length !== size) {
    throw damaged(owner, `it has ${bytes.length} bytes, and ${size} by the directory`);
  }
  if (crc32(bytes) !== checksum) throw damaged(owner, "its checksum is wrong");
  return bytes;
}

/** The first bytes of a file, at least as many as asked for where it has them: without unpacking the rest. */
export function unpackStart(
  owner: string,
  { method, packed }: ZipEntry,
  count: number,
): Uint8Array {
  // Bytes that cannot be packed take 5 more for each block of 65,535.
  const start = packed.subarray(0, count + 1024);
  if (method === STORED) return start;
  return inflated(owner, start, { finishFlush: constants.Z_SYNC_FLUSH });
}

function inflated(owner: string, packed: Uint8Array, options: ZlibOptions): Uint8Array {
  try {
    return inflateRawSync(packed, options);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw damaged(owner, `unpacking it failed with "${reason}"`, cause);
  }
}

// The record at the end, which a comment of up to 65,535 bytes may follow.
function findDirectory(owner: string, file: Buffer): { start: number; end: number; count: number } {
  const last = file.length - END.bytes;
  for (let at = last; at >= Math.max(0, last - 0xffff); at--) {
    const isEnd = file.readUInt32LE(at) === END.signature;
    if (!isEnd || at + END.bytes + file.readUInt16LE(at + 20) !== file.length) continue;
    const [disk, count] = [file.readUInt32LE(at + 4), file.readUInt16LE(at + 10)];
    const [length, start] = [file.readUInt32LE(at + 12), file.readUInt32LE(at + 16)];
    if (count === IN_ZIP64.count || start === IN_ZIP64.size) throw tooLarge(owner);
    if (disk !== 0 || count !== file.readUInt16LE(at + 8)) {
      throw damaged(owner, "it is one part of an archive of several");
    }
    if (start + length === at) return { start, end: at, count };
    throw damaged(owner, "its directory does not end where the archive does");
  }
  throw new DataError(
    `${owner}: expects a zip archive, got ${file.length} bytes without its end record. The file is cut off or no archive: fetch it again, or check where it comes from.`,
  );
}

function entryAt(
  owner: string,
  file: Buffer,
  { at, directoryStart }: { at: number; directoryStart: number },
): ZipEntry & { start: number; end: number } {
  const [flags, method] = [file.readUInt16LE(at + 8), file.readUInt16LE(at + 10)];
  const [checksum, packedSize] = [file.readUInt32LE(at + 16), file.readUInt32LE(at + 20)];
  const [size, start] = [file.readUInt32LE(at + 24), file.readUInt32LE(at + 42)];
  const nameBytes = file.subarray(
    at + CENTRAL.bytes,
    at + CENTRAL.bytes + file.readUInt16LE(at + 28),
  );
  const name = nameBytes.toString();
  const about = `${owner}: ${quoted(name)}`;
  if ([packedSize, size, start].includes(IN_ZIP64.size)) throw tooLarge(about);
  if (flags & ENCRYPTED) {
    throw new DataError(
      `${about}: expects a file that anyone can read, got an encrypted one. Save it without a password.`,
    );
  }
  if (method !== STORED && method !== DEFLATED) {
    throw new DataError(
      `${about}: expects a file that is stored (method 0) or packed by deflate (8), got method ${method}. In Python, save it with numpy.savez or numpy.savez_compressed.`,
    );
  }
  const isFile =
    start + LOCAL.bytes <= directoryStart && file.readUInt32LE(start) === LOCAL.signature;
  if (!isFile) throw damaged(about, `no file begins at byte ${start}`);
  const nameStart = start + LOCAL.bytes;
  // Sizes and checksum may be missing here, because the file was packed after this was written.
  const dataStart = nameStart + sumOfLengths(file, start + 26, 2);
  const end = dataStart + packedSize;
  if (end > directoryStart) throw damaged(about, "it ends behind the directory's start");
  if (!file.subarray(nameStart, nameStart + nameBytes.length).equals(nameBytes)) {
    throw damaged(about, "it has another name in front of its bytes");
  }
  return { name, method, size, checksum, packed: file.subarray(dataStart, end), start, end };
}

// Files that share bytes can unpack to far more than the archive's size suggests.
function checkApart(
  owner: string,
  entries: readonly { name: string; start: number; end: number }[],
): void {
  const sorted = [...entries].sort((a, b) => a.start - b.start);
  for (const [index, { name, start }] of sorted.entries()) {
    const before = sorted[index - 1];
    if (before === undefined || before.end <= start) continue;
    throw damaged(`${owner}: ${quoted(name)}`, `it shares bytes with ${quoted(before.name)}`);
  }
}

// Lengths that stand one behind the other: of the name, the extra field and, in the directory, the comment.
function sumOfLengths(file: Buffer, at: number, count: 2 | 3): number {
  const third = count === 3 ? file.readUInt16LE(at + 4) : 0;
  return file.readUInt16LE(at) + file.readUInt16LE(at + 2) + third;
}

const damaged = (owner: string, what: string, cause?: unknown): DataError =>
  new DataError(
    `${owner}: expects a whole zip archive, but ${what}. The file is damaged: fetch it again, or save it anew.`,
    { cause },
  );

const tooLarge = (owner: string): DataError =>
  new DataError(
    `${owner}: expects an archive below 4 GiB with fewer than 65,535 files, got one with zip64 records. Use a safetensors file for weights of this size.`,
  );
