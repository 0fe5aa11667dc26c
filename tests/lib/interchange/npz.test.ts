// npz: NumPy reads ours and we read NumPy's, stored, packed or streamed; damaged archives and bombs are refused.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32, deflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import {
  ArgumentError,
  DataError,
  readNpz,
  type Tensor,
  tensor,
  writeNpy,
  writeNpz,
} from "../../../lib/index.ts";
import { folderOf } from "../../support/idx-files.ts";

const PYTHON = "/usr/bin/python3";
const hasNumpy = spawnSync(PYTHON, ["-c", "import numpy"]).status === 0;

const golden = (name: string): Buffer =>
  readFileSync(new URL(`../../golden/interchange/${name}.npz`, import.meta.url));

const NUMBERS = [
  [1.5, -2, 0.25],
  [3, 0, -0.5],
];

const EXPECTED: Record<string, readonly [string, unknown]> = {
  float64: ["float64", NUMBERS],
  float32: ["float32", NUMBERS],
  float16: ["float32", NUMBERS],
  big: ["float32", NUMBERS],
  bigInt: ["int32", [1, -2, 2147483647]],
  int64: ["int32", [2147483647, -2147483648]],
  int32: ["int32", 7],
  int8: ["int32", [-128, 127]],
  uint16: ["int32", [0, 65535]],
  bool: ["bool", [true, false]],
  fortran: ["int32", [0, 12].map((i) => [0, 4, 8].map((j) => [0, 1, 2, 3].map((k) => i + j + k)))],
  "ünï/code": ["float32", [[1]]],
};

const read = (tensors: ReadonlyMap<string, Tensor>): Record<string, unknown> =>
  Object.fromEntries([...tensors].map(([name, x]) => [name, [x.dtype, x.toArray()]]));

interface Member {
  name?: string;
  bytes: Uint8Array;
  /** Changes the records after they were made. */
  spoil?: (records: { local: Buffer; central: Buffer }) => void;
}

/** An archive with deflated members, made here so that its records can be made wrong. */
function archive(members: readonly Member[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const { name = "a.npy", bytes, spoil } of members) {
    const packed = deflateRawSync(bytes);
    const local = Buffer.alloc(30);
    const central = Buffer.alloc(46);
    local.writeUInt32LE(0x04034b50);
    central.writeUInt32LE(0x02014b50);
    for (const [record, at] of [
      [local, 4],
      [central, 6],
    ] as const) {
      record.writeUInt16LE(8, at + 4);
      record.writeUInt32LE(crc32(bytes), at + 10);
      record.writeUInt32LE(packed.length, at + 14);
      record.writeUInt32LE(bytes.length, at + 18);
      record.writeUInt16LE(Buffer.byteLength(name), at + 22);
    }
    central.writeUInt32LE(offset, 42);
    spoil?.({ local, central });
    locals.push(local, Buffer.from(name), packed);
    centrals.push(central, Buffer.from(name));
    offset += 30 + Buffer.byteLength(name) + packed.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

const npy = (size: number): Uint8Array => writeNpy(tensor(Array<number>(size).fill(0)));

describe("an archive of NumPy", () => {
  test.each(["stored", "deflated", "streamed"])("that is %s is read", (name) => {
    const tensors = readNpz(golden(name));
    // Only the packed one has this: 480,000 bytes, most of which need no room in the file.
    expect(tensors.get("zeros")?.shape).toEqual(name === "deflated" ? [200, 300] : undefined);
    tensors.delete("zeros");
    expect(read(tensors)).toEqual(EXPECTED);
  });

  test("with Python objects is refused with the name and the reason", () => {
    expect(() => readNpz(golden("objects"))).toThrow(
      /^readNpz: "b": .*by pickle, which runs programs/,
    );
  });

  test("that was cut off anywhere is refused", () => {
    const bytes = golden("deflated");
    for (let length = 0; length < bytes.length; length += 7) {
      expect(() => readNpz(bytes.subarray(0, length))).toThrow(DataError);
    }
  });
});

describe("what is written", () => {
  const tensors = new Map<string, Tensor>([
    ["0.weight", tensor(NUMBERS)],
    ["__proto__", tensor([1, 2], { dtype: "int32" })],
    ["ünï", tensor([true])],
    ["", tensor(0.1, { dtype: "float64" })],
  ]);

  test("comes back", () => {
    const back = readNpz(writeNpz(tensors));
    expect([...back.keys()]).toEqual([...tensors.keys()]);
    for (const [name, x] of tensors) {
      expect([back.get(name)!.dtype, back.get(name)!.toArray()]).toEqual([x.dtype, x.toArray()]);
    }
    expect(readNpz(writeNpz(new Map())).size).toBe(0);
  });

  test("must have names that an archive has room for", () => {
    const long = new Map([["n".repeat(70_000), tensor([1])]]);
    expect(() => writeNpz(long)).toThrow(ArgumentError);
    expect(() => writeNpz(long)).toThrow("a name takes at most 65535 bytes");
  });

  test.skipIf(!hasNumpy)("is read by NumPy and by Python's zip tool (needs python3-numpy)", () => {
    const path = join(folderOf({}), "a.npz");
    writeFileSync(path, writeNpz(tensors));
    const program = [
      "import json, sys, zipfile, numpy",
      "assert zipfile.ZipFile(sys.argv[1]).testzip() is None",
      "file = numpy.load(sys.argv[1])",
      "print(json.dumps({name: [file[name].dtype.str, file[name].tolist()] for name in file.files}))",
    ].join("\n");
    const { stdout, stderr } = spawnSync(PYTHON, ["-c", program, path], { encoding: "utf8" });
    expect(stderr).toBe("");
    expect(new Map(Object.entries(JSON.parse(stdout) as object))).toEqual(
      new Map<string, unknown>([
        ["0.weight", ["<f4", NUMBERS]],
        ["__proto__", ["<i4", [1, 2]]],
        ["ünï", ["|b1", [true]]],
        ["", ["<f8", 0.1]],
      ]),
    );
  });
});

describe("a wrong archive", () => {
  const whole = archive([{ bytes: npy(2) }]);
  const spoiled = (spoil: Member["spoil"]): Buffer =>
    archive([{ bytes: npy(2), ...(spoil && { spoil }) }]);
  const changed = (at: number, value: number, width = 2): Buffer => {
    const copy = Buffer.from(whole);
    copy.writeUIntLE(value, at < 0 ? copy.length + at : at, width);
    return copy;
  };

  test("made here is right before it is made wrong", () => {
    expect(read(readNpz(whole))).toEqual({ a: ["float32", [0, 0]] });
    const commented = Buffer.concat([changed(-2, 5), Buffer.from("hello")]);
    expect(readNpz(commented).size).toBe(1);
  });

  const cases: [string, Buffer, string][] = [
    ["empty", Buffer.alloc(0), "expects a zip archive, got 0 bytes"],
    ["text", Buffer.from("hello, this is no archive at all"), "without its end record"],
    ["with bytes behind it", Buffer.concat([whole, Buffer.of(0)]), "without its end record"],
    [
      "with bytes in front of it",
      Buffer.concat([Buffer.of(0), whole]),
      "its directory does not end where the archive does",
    ],
    ["of several parts", changed(-18, 1), "one part of an archive of several"],
    ["with more entries than it has", changed(-14, 2, 4), "one part of"],
    ["of zip64", changed(-6, 0xffffffff, 4), "below 4 GiB"],
    [
      "with a member of zip64",
      spoiled(({ central }) => central.writeUInt32LE(0xffffffff, 24)),
      '"a.npy": expects an archive below 4 GiB',
    ],
    [
      "with a password",
      spoiled(({ central }) => central.writeUInt16LE(1, 8)),
      "got an encrypted one. Save it without a password",
    ],
    [
      "packed by another method",
      spoiled(({ central }) => central.writeUInt16LE(14, 10)),
      "got method 14",
    ],
    [
      "whose member begins elsewhere",
      spoiled(({ central }) => central.writeUInt32LE(4, 42)),
      "no file begins at byte 4",
    ],
    [
      "whose member begins behind the end",
      spoiled(({ central }) => central.writeUInt32LE(0xfffffff0, 42)),
      "no file begins at byte",
    ],
    [
      "whose member is longer than the archive",
      spoiled(({ central }) => central.writeUInt32LE(5000, 20)),
      "it ends behind the directory's start",
    ],
    [
      "whose member has two names",
      spoiled(({ local }) => local.writeUInt16LE(3, 26)),
      "unpacking it failed",
    ],
    [
      "with a wrong checksum",
      spoiled(({ central }) => central.writeUInt32LE(1, 16)),
      "its checksum is wrong",
    ],
    [
      "with a wrong size",
      spoiled(({ central }) => central.writeUInt32LE(137, 24)),
      "takes 136 bytes, got 137 by the archive's directory",
    ],
    [
      "with a member that is no array",
      archive([{ name: "a.txt", bytes: npy(1) }]),
      '"a.txt" is none',
    ],
    [
      "with a name twice",
      archive([{ bytes: npy(1) }, { bytes: npy(1) }]),
      '"a.npy" stands there twice',
    ],
    [
      "whose members share bytes",
      archive([
        { name: "a.npy", bytes: npy(1) },
        { name: "a.npy", bytes: npy(1), spoil: ({ central }) => central.writeUInt32LE(0, 42) },
      ]),
      'it shares bytes with "a.npy"',
    ],
    [
      "whose member is no npy file",
      archive([{ bytes: Buffer.from("hello") }]),
      'readNpz: "a": an npy file starts with',
    ],
  ];

  test.each(cases)("%s is refused with what is wrong and the fix", (_, bytes, message) => {
    expect(() => readNpz(bytes)).toThrow(DataError);
    expect(() => readNpz(bytes)).toThrow(message);
  });

  test("that would unpack to more than its header says is refused before it is unpacked", () => {
    const bomb = Buffer.concat([npy(1), Buffer.alloc(20_000_000)]);
    const before = process.memoryUsage().arrayBuffers;
    const told = archive([{ bytes: bomb }]);
    expect(() => readNpz(told)).toThrow("takes 132 bytes, got 20000132 by the archive's directory");
    const untold = archive([
      { bytes: bomb, spoil: ({ central }) => central.writeUInt32LE(132, 24) },
    ]);
    expect(() => readNpz(untold)).toThrow("unpacking it failed");
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(60_000_000);
  });

  test("with any wrong byte gives an error, or the right numbers where the byte means nothing", () => {
    const bytes = archive([{ name: "name.npy", bytes: writeNpy(tensor(NUMBERS)) }]);
    const right = JSON.stringify(["float32", NUMBERS]);
    const unnoticed: number[] = [];
    for (const [at, flip] of Array.from(bytes, (_, at) =>
      [1, 16, 255].map((flip) => [at, flip] as const),
    ).flat()) {
      const spoiled = Buffer.from(bytes);
      spoiled[at] = spoiled[at]! ^ flip;
      try {
        const results = Object.values(read(readNpz(spoiled)));
        if (results.some((each) => JSON.stringify(each) !== right)) unnoticed.push(at);
      } catch (error) {
        if (!(error instanceof DataError)) throw error;
      }
    }
    expect(unnoticed).toEqual([]);
    expect(read(readNpz(bytes))).toEqual({ name: JSON.parse(right) as unknown });
  });

  test("that is no bytes is an argument error", () => {
    expect(() => readNpz("a.npz" as unknown as Uint8Array)).toThrow("expects the bytes of a file");
  });
});
