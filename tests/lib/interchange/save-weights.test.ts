// Weights in files: both formats and layouts come back, a file is whole or not there, and wrong ones are told.
// Covers: lib/interchange/read-file.ts
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  ArgumentError,
  BatchNorm,
  DataError,
  Generator,
  Linear,
  loadWeights,
  readSafetensors,
  saveWeights,
  Sequential,
  stateDict,
} from "../../../lib/index.ts";
import { folderOf } from "../../support/idx-files.ts";

const modelOf = (seed: number): Sequential => {
  const random = new Generator(seed);
  return new Sequential(
    new Linear({ inFeatures: 2, outFeatures: 3, random }),
    new BatchNorm({ channels: 3 }),
  );
};

const valuesOf = (model: Sequential): unknown[] =>
  [...stateDict(model).values()].map((x) => x.toArray());

async function failure(action: Promise<void>): Promise<Error> {
  const error: unknown = await action.then(
    () => expect.fail("nothing was refused"),
    (reason: unknown) => reason,
  );
  return error as Error;
}

const ENDINGS = [".safetensors", ".npz"];

describe.each(ENDINGS)("a %s file", (ending) => {
  test.each(["gradlab", "torch"] as const)(
    "keeps the weights, in the layout of %s",
    async (layout) => {
      const path = join(folderOf({}), `model${ending}`);
      await saveWeights(modelOf(1), path, { layout });
      const other = modelOf(2);
      await loadWeights(other, path, { layout });
      expect(valuesOf(other)).toEqual(valuesOf(modelOf(1)));
    },
  );

  test("that is cut off is refused with its path, and the model stays as it is", async () => {
    const path = join(folderOf({}), `model${ending}`);
    await saveWeights(modelOf(1), path);
    writeFileSync(path, readFileSync(path).subarray(0, -1));
    const model = modelOf(2);
    const error = await failure(loadWeights(model, path));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toContain(`${path}: `);
    expect(valuesOf(model)).toEqual(valuesOf(modelOf(2)));
  });

  test("of another model is refused with all that differs", async () => {
    const path = join(folderOf({}), `model${ending}`);
    await saveWeights(modelOf(1), path);
    const other = new Linear({ inFeatures: 2, outFeatures: 3, random: new Generator(1) });
    const { message } = await failure(loadWeights(other, path));
    expect(message).toMatch(/ weight is missing\n(.*\n)+.*0\.weight is unexpected/);
  });
});

describe("writing", () => {
  test("replaces an older file and leaves nothing beside it", async () => {
    const folder = folderOf({ "a.safetensors": Buffer.from("old") });
    await saveWeights(modelOf(1), join(folder, "a.safetensors"));
    expect(readdirSync(folder)).toEqual(["a.safetensors"]);
    await loadWeights(modelOf(2), join(folder, "a.safetensors"));
  });

  test("that fails leaves the old file and no draft", async () => {
    const folder = folderOf({});
    mkdirSync(join(folder, "a.safetensors"));
    const error = await failure(saveWeights(modelOf(1), join(folder, "a.safetensors")));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toContain(
      `expected to write ${join(folder, "a.safetensors")}; the system said`,
    );
    expect(readdirSync(folder)).toEqual(["a.safetensors"]);
  });

  test("keeps a link, and replaces what it leads to", async () => {
    const folder = folderOf({ "real.safetensors": Buffer.from("old") });
    symlinkSync(join(folder, "real.safetensors"), join(folder, "link.safetensors"));
    await saveWeights(modelOf(1), join(folder, "link.safetensors"));
    expect(readSafetensors(readFileSync(join(folder, "real.safetensors"))).tensors.size).toBe(6);
  });

  test("takes the weights of the moment of the call", async () => {
    const path = join(folderOf({}), "a.safetensors");
    const model = modelOf(1);
    const written = saveWeights(model, path);
    const later = stateDict(modelOf(2));
    for (const [name, parameter] of model.namedParameters()) parameter.value = later.get(name)!;
    await written;
    await loadWeights(model, path);
    expect(valuesOf(model)).toEqual(valuesOf(modelOf(1)));
  });

  test("into a folder that does not exist says so", async () => {
    const path = join(folderOf({}), "missing", "a.safetensors");
    expect((await failure(saveWeights(modelOf(1), path))).message).toMatch(
      /ENOENT.*its folder must exist/,
    );
  });
});

describe("reading", () => {
  test("takes PyTorch's layout where the file says that it has it", async () => {
    const path = join(folderOf({}), "a.safetensors");
    await saveWeights(modelOf(1), path, { layout: "torch" });
    expect({ ...readSafetensors(readFileSync(path)).metadata }).toEqual({ format: "pt" });
    const other = modelOf(2);
    await loadWeights(other, path);
    expect(valuesOf(other)).toEqual(valuesOf(modelOf(1)));
  });

  test("a file that is not there says so", async () => {
    const error = await failure(loadWeights(modelOf(1), "no/such.safetensors"));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toMatch(
      /expected to read no\/such.safetensors; the system said "ENOENT.*Check the path/,
    );
  });

  test.each([
    ["model.pt", "safetensors.torch.save_file"],
    ["model", "Rename the file"],
    ["model.safetensors.txt", "Rename the file"],
  ])("and writing %s is refused, because its ending says no format", async (path, fix) => {
    for (const action of [saveWeights, loadWeights]) {
      const error = await failure(action(modelOf(1), path));
      expect(error).toBeInstanceOf(ArgumentError);
      expect(error.message).toContain(`.safetensors`);
      expect(error.message).toContain(`which says its format; got "${path}". `);
      expect(error.message).toContain(fix);
    }
  });

  test("a path that is no string is refused", async () => {
    const path = 5 as unknown as string;
    expect((await failure(loadWeights(modelOf(1), path))).message).toContain(
      "expects the path of a file, got 5",
    );
  });
});
