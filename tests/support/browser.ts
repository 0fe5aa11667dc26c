// Headless Chromium for tests, where the machine has one.
import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

const CANDIDATES = [process.env["CHROMIUM_PATH"], "/usr/bin/chromium", "/usr/bin/google-chrome"];

/** The browser's program, or undefined when there is none. */
export const BROWSER_PATH: string | undefined = CANDIDATES.find((path) => path && existsSync(path));

/** No sandbox, because tests run as root in CI, and no traffic of the browser's own. */
export const BROWSER_FLAGS: readonly string[] = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts a browser with a profile of its own and no traffic of its own. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    ...(BROWSER_PATH && { executablePath: BROWSER_PATH }),
    headless: true,
    args: [...BROWSER_FLAGS],
  });
}
