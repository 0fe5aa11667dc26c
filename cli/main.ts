#!/usr/bin/env node
// The entry of the `gradlab` program: checks Node in syntax every Node understands, then loads the commands.

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `gradlab needs Node 20.19 or newer, this is Node ${process.versions.node}. ` +
      "Install a current Node (24 is recommended) from https://nodejs.org.",
  );
  process.exitCode = 3;
} else {
  const [, , command, action, option, file = ""] = process.argv;
  const isKernelSpec = command === "kernel" && action === "start" && option === "-f";
  if (isKernelSpec && process.argv.length === 6) {
    void import("./start-kernel.ts").then((kernel) => kernel.startFromKernelSpec(file));
  } else {
    void import("./program.ts").then((program) => program.runProgram(process.argv));
  }
}
