// `gradlab doctor`: what works on this machine, what does not, and the one line that fixes it.
import { Command } from "commander";
import { formatChecks, summarize, type DoctorCheck } from "../doctor/check.ts";
import { checkData } from "../doctor/data.ts";
import { checkNode, checkPackages, checkPage } from "../doctor/installation.ts";
import { checkKernel } from "../doctor/kernel.ts";
import { checkTypes } from "../doctor/types.ts";
import { checkBrowser, checkFolder, checkPython } from "../doctor/machine.ts";
import { EXIT } from "../exit-codes.ts";

/** Builds the `doctor` command. */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description("check this machine: what works, what does not, and how to fix it")
    .option("--json", "print one JSON object: {checks: [{name, state, detail, fix}]}")
    .addHelpText("after", "\nExit codes: 0 all that is required works, 3 something is missing.")
    .action(async (options: { json?: boolean }) => {
      const checks = await runChecks();
      if (options.json) console.log(JSON.stringify({ checks }));
      else {
        const hasColour = process.stdout.isTTY && process.env["NO_COLOR"] === undefined;
        console.log(`${formatChecks(checks, hasColour)}\n\n${summarize(checks)}`);
      }
      if (checks.some((check) => check.state === "missing")) process.exitCode = EXIT.machineLacks;
    });
}

async function runChecks(): Promise<DoctorCheck[]> {
  // One after the other: reading the data must not make the kernel look slow.
  return [
    checkNode(process.versions.node),
    ...(await checkPackages()),
    await checkKernel(),
    await checkTypes(),
    checkPage(),
    await checkData(),
    await checkFolder(),
    checkBrowser(),
    await checkPython(),
  ];
}
