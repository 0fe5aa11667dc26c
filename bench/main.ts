// npm run bench -- <suite> [--json] [--rounds N] [--seconds S] ...: runs one suite beside its peers and prints ratios.
import { parseArgs } from "node:util";
import { runLoopSuite } from "./kernel/hot-loops.ts";
import { runCostSuite } from "./costs/suite.ts";
import { runKernelSuite } from "./kernel/suite.ts";
import { runLibSuite } from "./lib/suite.ts";
import { NAMES } from "./lib/systems.ts";
import { runMnistSuite } from "./mnist/suite.ts";
import { machineText, reportTable, type Report, type SuiteOptions } from "./report.ts";

const SUITES: Record<string, (options: SuiteOptions) => Promise<Report>> = {
  costs: runCostSuite,
  kernel: runKernelSuite,
  lib: runLibSuite,
  loops: runLoopSuite,
  mnist: runMnistSuite,
};

const USAGE = `npm run bench -- <suite> [--json] [--rounds N] [--seconds S]
suites: ${Object.keys(SUITES).join(", ")}
  --json       one JSON object on stdout
  --rounds N   how often each system has its turn (default 7)
  --seconds S  how long a turn is (default 1)
  --only A,B   lib: these workloads of ${NAMES.join(", ")}; mnist: mlp, convnet
  --cells N    kernel: read memory after 1,000 and after N cells too (default 0: not)`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
    rounds: { type: "string", default: "7" },
    seconds: { type: "string", default: "1" },
    cells: { type: "string", default: "0" },
    only: { type: "string" },
  },
});

const run = SUITES[positionals[0] ?? ""];
const { rounds, seconds, cells } = {
  rounds: Number(values.rounds),
  seconds: Number(values.seconds),
  cells: Number(values.cells),
};
if (values.help) {
  console.log(USAGE);
} else if (run === undefined || !(rounds >= 1) || !(seconds > 0) || !(cells >= 0)) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  const log = (text: string): void => console.error(text);
  log(machineText());
  const only = values.only === undefined ? {} : { only: values.only.split(",") };
  const report = await run({ rounds, seconds, cells, log, ...only });
  console.log(values.json ? JSON.stringify(report) : reportTable(report));
}
