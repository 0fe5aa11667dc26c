// Opens an address in the user's browser, where there is one.
import { spawn } from "node:child_process";

/** The program that opens an address, with its arguments, on one platform. */
export function browserCommand(
  url: string,
  platform: NodeJS.Platform = process.platform,
): [string, string[]] {
  if (platform === "darwin") return ["open", [url]];
  // `start` is a word of the command interpreter; its first quoted argument would be a window title.
  if (platform === "win32") return ["cmd", ["/c", "start", '""', url.replaceAll("&", "^&")]];
  return ["xdg-open", [url]];
}

/**
 * Opens the browser without waiting for it.
 *
 * @returns whether a browser was started; the caller prints the address in any case
 */
export async function openBrowser(
  url: string,
  command: [string, string[]] = browserCommand(url),
): Promise<boolean> {
  const [program, args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: "ignore", detached: true });
    child.once("error", () => resolve(false));
    child.once("spawn", () => {
      child.unref();
      resolve(true);
    });
  });
}
