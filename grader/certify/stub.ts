// Runs the stub cell of a chapter as a learner would who has written nothing.
import { transformSync } from "oxc-transform";
import { ExerciseError, NotImplemented } from "../errors.ts";
import type { Functions } from "../exercise.ts";

/**
 * The functions that a stub cell declares.
 *
 * It runs the instructor's own cell in this process: never give it a learner's.
 *
 * @throws {ExerciseError} when the cell does not compile or does not declare a function
 */
export function loadStub(source: string, names: readonly string[]): Functions {
  const { code, errors } = transformSync("stub.ts", source, { lang: "ts", sourceType: "module" });
  if (errors.length > 0)
    throw new ExerciseError(`the stub must compile, but: ${errors[0]?.message}. Mend the cell.`);
  const body = code.replaceAll(/^import .*$/gm, "").replaceAll(/^export /gm, "");
  try {
    // The cell is the project's own text; a function body is the smallest place to run it in.
    // oxlint-disable-next-line no-implied-eval, typescript/no-implied-eval -- the stub is source text
    const run = new Function("NotImplemented", `${body}\nreturn { ${names.join(", ")} };`) as (
      error: typeof NotImplemented,
    ) => Functions;
    return run(NotImplemented);
  } catch (error) {
    throw new ExerciseError(
      `the stub must declare ${names.join(", ")}, but running it failed. Mend the cell.`,
      { cause: error },
    );
  }
}
