// Whether the kernel works: one is really started, as the lab does it, and computes something.
import { setTimeout as pause } from "node:timers/promises";
import { findInstallation } from "../../lab/server/installation.ts";
import { missing, ok, type DoctorCheck } from "./check.ts";

const CODE = "const sum: number = 1 + 1; sum";
const FIX =
  "run npm ci again in gradlab's folder; if it stays, look whether a firewall blocks 127.0.0.1";

/** @param limitMs - the longest that start and answer may take together, in milliseconds */
export async function checkKernel(limitMs = 30_000): Promise<DoctorCheck> {
  const started = performance.now();
  const stop = new AbortController();
  try {
    const late = pause(limitMs, `no answer within ${limitMs / 1000} s`, {
      signal: stop.signal,
      ref: false,
    }).catch(() => "");
    const problem = await Promise.race([compute(stop.signal), late]);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    if (problem === undefined) return ok("kernel", `starts and computes 1 + 1, in ${seconds} s`);
    return missing("kernel", problem, FIX);
  } catch (error) {
    return missing("kernel", error, FIX);
  } finally {
    stop.abort();
  }
}

/** @returns what is wrong, or undefined */
async function compute(signal: AbortSignal): Promise<string | undefined> {
  // Loaded here: a package that is damaged must not keep the doctor from speaking.
  const { startLocalServer } = await import("../run/local-server.ts");
  const { connectClient, quietClient } = await import("../run/jupyter-client.ts");
  const loud = quietClient();
  try {
    const server = await startLocalServer(findInstallation());
    try {
      const client = await connectClient(server);
      const session = await client.start("doctor.ipynb", "gradlab", signal);
      const future = session.connection.requestExecute({ code: CODE });
      let shown: unknown;
      future.onIOPub = ({ content }) => {
        if ("data" in content) shown = (content.data as Record<string, unknown>)["text/plain"];
      };
      const given = new Promise<undefined>((resolve) => {
        signal.addEventListener("abort", () => resolve(undefined));
      });
      await Promise.race([future.done, given]);
      await session.stop();
      return shown === "2" ? undefined : `1 + 1 gave ${String(shown)}`;
    } finally {
      await server.close();
    }
  } finally {
    loud();
  }
}
