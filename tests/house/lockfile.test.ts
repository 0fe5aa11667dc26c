// The lockfile is complete for every platform, exact, and names no registry.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

interface Entry {
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
interface Lockfile {
  readonly packages: Readonly<Record<string, Entry>>;
}
type Versions = Readonly<Record<string, string>>;

const read = (path: string): unknown =>
  JSON.parse(readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8"));

/** Optional packages, mostly for other platforms, that `npm ci` would miss. */
function missingOptional({ packages }: Lockfile): string[] {
  const locked = new Set(
    Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, "")),
  );
  const wanted = Object.values(packages).flatMap((entry) =>
    Object.keys(entry.optionalDependencies ?? {}),
  );
  return [...new Set(wanted)].filter((name) => !locked.has(name));
}

describe("the lockfile", () => {
  const lock = read("package-lock.json") as Lockfile;

  test("holds the packages of all platforms, or npm ci fails", () => {
    const wrong = {
      packages: { "node_modules/a": { optionalDependencies: { "a-win32": "1.0.0" } } },
    };
    expect(missingOptional(wrong)).toEqual(["a-win32"]);
    expect(missingOptional(lock)).toEqual([]);
  });

  test.each(["package-lock.json", "bench/peers/package-lock.json"])(
    "%s names no registry",
    (path) => {
      const addresses = Object.values((read(path) as Lockfile).packages).map(
        ({ resolved }) => resolved ?? "",
      );
      expect(addresses.filter((address) => /^https?:/.test(address))).toEqual([]);
    },
  );
});

describe("package.json", () => {
  test.each(["package.json", "lab/ui/package.json", "bench/peers/package.json"])(
    "%s pins every version",
    (path) => {
      const { dependencies, devDependencies } = read(path) as Record<string, Versions | undefined>;
      const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
        ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
      );
      expect(loose).toEqual([]);
    },
  );
});
