// Whether the data of the course is there and whole.
import { missing, ok, type DoctorCheck } from "./check.ts";

/** Reads MNIST as the chapters do, and compares its checksums. */
export async function checkData(
  folder: string | undefined = process.env["GRADLAB_DATA"],
): Promise<DoctorCheck> {
  const name = "data";
  try {
    const { loadMnist } = await import("../../lib/index.ts");
    const { source } = await loadMnist();
    if (folder !== undefined && folder !== "" && !source.includes(folder)) {
      const detail = `GRADLAB_DATA is ${folder}, where MNIST is not; used instead: ${source}`;
      return { name, state: "warning", detail, fix: "correct GRADLAB_DATA, or unset it" };
    }
    if (source.endsWith("the original files")) return ok(name, `MNIST from ${source}`);
    const fix = "unset GRADLAB_DATA to use the original that is installed with gradlab";
    return { name, state: "warning", detail: `MNIST from ${source}`, fix };
  } catch (error) {
    const fix =
      folder === undefined
        ? "run npm ci again in gradlab's folder"
        : "correct or unset GRADLAB_DATA";
    return missing(name, error, fix);
  }
}
