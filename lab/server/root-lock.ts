// One lab for one folder: remembers which server serves it, so that a second one can say where the first is.
import { createHash } from "node:crypto";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { saveBytes } from "./contents/atomic-write.ts";
import { ServerStartError } from "./errors.ts";
import { isObject } from "./http/read-body.ts";

const ANSWER_MS = 2_000;

/** What is remembered of a running server. */
export interface ServerRecord {
  readonly root: string;
  readonly pid: number;
  readonly port: number;
  /** As in the `X-Gradlab-Instance` header of this server's answers. */
  readonly instance: string;
  /** Address that opens the lab; it holds the token, so the file is private. */
  readonly url: string;
}

/**
 * Refuses to go on when a living server already serves the folder.
 *
 * @param folder - where records of servers are kept
 * @throws {ServerStartError} `LAB_ROOT_IN_USE`, with the address of the other server
 */
export async function refuseSecondServer(folder: string, root: string): Promise<void> {
  const record = await readRecord(recordFile(folder, root));
  if (record === undefined || !(await isAnswering(record))) return;
  throw new ServerStartError(
    "LAB_ROOT_IN_USE",
    `A folder is served by one lab at a time, ${root} is already open in process ${record.pid}. Open ${record.url}, or stop that one first with Ctrl-C on its terminal.`,
    { otherUrl: record.url },
  );
}

/** Remembers a server. @returns what forgets it again */
export async function recordServer(
  folder: string,
  record: ServerRecord,
): Promise<() => Promise<void>> {
  const path = recordFile(folder, record.root);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await saveBytes(path, JSON.stringify(record), { mode: 0o600 });
  return async () => {
    const present = await readRecord(path);
    if (present?.instance === record.instance) await rm(path, { force: true });
  };
}

/** A record left by a crash, or whose port another program has now, is not answered for. */
async function isAnswering(record: ServerRecord): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${record.port}/api`, {
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    await answer.body?.cancel();
    return answer.headers.get("x-gradlab-instance") === record.instance;
  } catch {
    return false;
  }
}

function recordFile(folder: string, root: string): string {
  return join(folder, `${createHash("sha256").update(root).digest("hex").slice(0, 24)}.json`);
}

async function readRecord(path: string): Promise<ServerRecord | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    return isObject(value) && typeof value["port"] === "number"
      ? (value as unknown as ServerRecord)
      : undefined;
  } catch {
    return undefined;
  }
}
