// Where the lab keeps what belongs to the user and not to a folder of notebooks.
import { homedir } from "node:os";
import { join } from "node:path";

/** The folders of the lab's own files; none of them need exist. */
export interface StateFolders {
  readonly trust: string;
  readonly settings: string;
  readonly workspaces: string;
  readonly config: string;
  readonly servers: string;
}

/** @param base - a folder to use in place of the user's data folder */
export function stateFolders(base: string = userFolder()): StateFolders {
  return {
    trust: join(base, "trust"),
    settings: join(base, "settings"),
    workspaces: join(base, "workspaces"),
    config: join(base, "config"),
    servers: join(base, "servers"),
  };
}

function userFolder(): string {
  if (process.platform === "darwin") {
    return join(homedir(), "Library", "Application Support", "gradlab");
  }
  if (process.platform === "win32") return join(process.env["APPDATA"] ?? homedir(), "gradlab");
  const base = process.env["XDG_DATA_HOME"] ?? join(homedir(), ".local", "share");
  return join(base, "gradlab");
}
