// Writes what the learners of this installation receive of every exercise; runs after each build of a clone.
import { join } from "node:path";
import { loadCatalogue } from "../certify/catalogue.ts";
import { makeVisible } from "./visible.ts";
import { writeVisible } from "./store.ts";

/**
 * Fills `<dist>/visible-checks` from `<dist>/exercises` and `<dist>/solutions`.
 *
 * @param dist - the folder of compiled files
 * @returns the ids that were written
 */
export async function writeVisibleChecks(dist: string): Promise<string[]> {
  const catalogue = await loadCatalogue(dist);
  const visible = await Promise.all(
    catalogue.map(({ exercise, solution }) => makeVisible(exercise, solution)),
  );
  writeVisible(join(dist, "visible-checks"), visible);
  return visible.map(({ id }) => id);
}
