// What the machine around gradlab offers: a folder to write in, and programs that are optional.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { promisify } from "node:util";
import { prepareFolder } from "../write-files.ts";
import { missing, ok, type DoctorCheck } from "./check.ts";

const ASK_LIMIT_MS = 20_000;
const BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Whether the course can be saved: in `course` below the current folder, or where that will be made. */
export async function checkFolder(current: string = process.cwd()): Promise<DoctorCheck> {
  const course = join(current, "course");
  const folder = existsSync(course) ? course : resolve(current);
  try {
    await prepareFolder(folder);
    return ok("folder", `${folder} can be written`);
  } catch (error) {
    return missing("folder", error, "go to a folder of your own");
  }
}

/** @param path - as in the environment variable PATH */
export function checkBrowser(path: string = process.env["PATH"] ?? ""): DoctorCheck {
  const given = process.env["CHROMIUM_PATH"];
  const candidates = path
    .split(delimiter)
    .flatMap((folder) => BROWSERS.map((name) => join(folder, name)));
  const found = [...(given ? [given] : []), ...candidates].find((file) => existsSync(file));
  if (found !== undefined) return ok("chromium", `${found}, for the tests of the page`);
  return {
    name: "chromium",
    state: "warning",
    detail: "not found; only the tests of the page need it, any browser shows the lab",
    fix: "install Chromium (Debian: apt install chromium), or set CHROMIUM_PATH",
  };
}

/** @param python - the interpreter that is asked for Jupyter's client */
export async function checkPython(python = "python3"): Promise<DoctorCheck> {
  const name = "python";
  const code = "import jupyter_client; print(jupyter_client.__version__)";
  try {
    const { stdout } = await promisify(execFile)(python, ["-c", code], { timeout: ASK_LIMIT_MS });
    return ok(name, `jupyter_client ${stdout.trim()}, for tests with the original client`);
  } catch {
    const detail =
      "no jupyter_client; only tests with the original client need it, gradlab does not";
    const fix = "install it (Debian: apt install python3-jupyter-client)";
    return { name, state: "warning", detail, fix };
  }
}
