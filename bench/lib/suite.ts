// The library's suite: training steps of five models and single operations, compiled and op by op, beside the peers.
import { type Claim, machineText, type Report, type Row, type SuiteOptions } from "../report.ts";
import { interleave } from "../workers/interleave.ts";
import { requireSameNumbers } from "./same-numbers.ts";
import { findPeers, NAMES, systemsFor, titleOf } from "./systems.ts";
import { claimsOf } from "./wanted.ts";

/** Runs the suite. */
export async function runLibSuite(options: SuiteOptions): Promise<Report> {
  const { only = NAMES, log } = options;
  const peers = findPeers();
  for (const { peer, reason } of peers.missing) log(`missing: ${peer} (${reason})`);
  const machine = machineText();
  const rows: Row[] = [];
  const claims: Claim[] = [];
  for (const name of NAMES.filter((each) => only.includes(each))) {
    const systems = systemsFor(name, peers);
    try {
      await requireSameNumbers(systems, log);
      const measured = await interleave(titleOf(name), systems, options);
      rows.push(...measured.map(({ row }) => row));
      claims.push(...claimsOf(name, measured));
    } finally {
      for (const { worker } of systems) worker.stop();
    }
  }
  return { suite: "lib", machine, rows, missing: peers.missing, claims };
}
