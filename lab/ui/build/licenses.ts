// The licences of the packages that the page is made of, from the lockfile and their own files.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Lockfile {
  readonly packages: Readonly<
    Record<string, { readonly version?: string; readonly dev?: boolean; readonly link?: boolean }>
  >;
}

/** One package of the page. */
export interface PackageLicense {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly text: string;
}

/** JSON text with name, version, licence and licence text of every locked package that is not for development only. */
export function collectLicenses(project: string): string {
  const lock = JSON.parse(readFileSync(join(project, "package-lock.json"), "utf8")) as Lockfile;
  const packages = Object.entries(lock.packages)
    .filter(([path, entry]) => path.includes("node_modules/") && !entry.dev && !entry.link)
    .map(([path]) => readLicense(join(project, path)))
    .filter((license) => license !== undefined);
  return `${JSON.stringify({ packages }, null, 1)}\n`;
}

function readLicense(folder: string): PackageLicense | undefined {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return undefined;
  const { name, version, license } = JSON.parse(readFileSync(file, "utf8")) as Record<
    string,
    unknown
  >;
  const textFile = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  return {
    name: String(name),
    version: String(version),
    license: typeof license === "string" ? license : "see the package",
    text: textFile ? readFileSync(join(folder, textFile), "utf8") : "",
  };
}
