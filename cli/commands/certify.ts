// `gradlab certify`: proves the exercises of this clone.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { loadCatalogue, type CatalogueEntry } from "../../grader/certify/catalogue.ts";
import { certifyExercise, type Certificate } from "../../grader/certify/certify.ts";
import { readNotebook } from "../../nbformat/parse.ts";
import type { Notebook } from "../../nbformat/types.ts";
import { CommandError, EXIT } from "../exit-codes.ts";
import { findInstallation } from "../../lab/server/installation.ts";

/** Builds the `certify` command. */
export function certifyCommand(): Command {
  return new Command("certify")
    .description(
      "prove the exercises: the reference earns everything, the stub nothing, wrong answers are caught",
    )
    .argument("[exercise...]", "ids such as p1-01-e2; without any, all exercises")
    .option(
      "--json",
      "print one JSON object: {exercises: [{id, certified, points, seeds, wrongAnswers, mutants, problems}]}",
    )
    .action(async (ids: string[], options: { json?: boolean }) => {
      const certificates = await certifyAll(ids);
      console.log(
        options.json
          ? JSON.stringify({ exercises: certificates })
          : formatCertificates(certificates),
      );
      if (certificates.some(({ certified }) => !certified)) process.exitCode = EXIT.materialFailed;
    });
}

async function certifyAll(ids: readonly string[]): Promise<Certificate[]> {
  const root = findInstallation();
  const catalogue = await loadCatalogue(join(root, "dist"));
  const unknown = ids.filter((id) => !catalogue.some(({ exercise }) => exercise.id === id));
  if (unknown.length > 0) {
    const known = catalogue.map(({ exercise }) => exercise.id).join(", ");
    throw new CommandError(
      `certify expects ids of exercises, got ${unknown.join(", ")}. Known: ${known}.`,
      EXIT.wrongUse,
    );
  }
  console.error(
    "certify runs the project's own solutions in this process, unsandboxed: use it for your own material only.",
  );
  const chosen = catalogue.filter(({ exercise }) => ids.length === 0 || ids.includes(exercise.id));
  const certificates: Certificate[] = [];
  for (const [index, entry] of chosen.entries()) {
    console.error(`[${index + 1}/${chosen.length}] ${entry.exercise.id} ${entry.exercise.title}`);
    certificates.push(await certifyExercise(entry, await readChapter(root, entry)));
  }
  return certificates;
}

async function readChapter(
  root: string,
  { chapter }: CatalogueEntry,
): Promise<Notebook | undefined> {
  const file = join(root, "notebooks", `${chapter}.ipynb`);
  return existsSync(file) ? await readNotebook(file) : undefined;
}

function formatCertificates(certificates: readonly Certificate[]): string {
  return certificates
    .flatMap(({ id, certified, points, seeds, wrongAnswers, problems }) => [
      `${certified ? "certified    " : "NOT CERTIFIED"} ${id}  ${points} points, ${seeds} seeds, ${wrongAnswers.caught} of ${wrongAnswers.total} wrong answers caught`,
      ...problems.map((problem) => `              ${problem}`),
    ])
    .join("\n");
}
