// %time: how long code takes, once, as wall time and as time of the processors.
import type { CommandCall } from "../compile/cell-runtime.ts";
import type { CellCommand, CommandRuntime } from "./command.ts";
import { formatDuration } from "./durations.ts";

interface Start {
  readonly cpu: NodeJS.CpuUsage;
  readonly wallMs: number;
}

const CALL = '__gradlab.commands.run("time", { argument: "", values:';

/** `%time code` and `%%time`. */
export const time: CellCommand = {
  name: "time",
  summary: "run code once and say how long it took",
  arguments: "CODE",
  forms: ["line", "cell"],
  help: `%time model.fit(data)     one statement, also one of several lines; names it declares stay
%%time                    in the first line: the whole cell

CPU times add up all threads, so with several busy threads they exceed the wall time.
The code runs where it stands: await works, and the value of a last expression is shown.`,
  wrap: ({ id, hasValue }) => {
    const mark = `__gradlab.commands.marks[${id}]`;
    return {
      before: `${mark} = ${CALL} [] });`,
      open: `${CALL} [${mark}, (`,
      close: ")] })",
      after: hasValue ? "" : `;${CALL} [${mark}] });`,
    };
  },
  run: runTime,
};

function runTime({ values = [] }: CommandCall, runtime: CommandRuntime): unknown {
  const [start, value] = values as [Start | undefined, unknown];
  if (!start) return { cpu: process.cpuUsage(), wallMs: performance.now() } satisfies Start;
  const wallMs = performance.now() - start.wallMs;
  const { user, system } = process.cpuUsage(start.cpu);
  const [userText, systemText, total] = [user, system, user + system].map((microseconds) =>
    formatDuration(microseconds / 1e3),
  );
  runtime.write(`CPU times: user ${userText}, sys: ${systemText}, total: ${total}\n`);
  runtime.write(`Wall time: ${formatDuration(wallMs)}\n`);
  return value;
}
