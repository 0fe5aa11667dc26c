// Runs after `npm ci` in a clone: checks Node, builds dist/, and links the clone's own program for `npx gradlab`.
// With --page, as `npm pack` runs it, it builds the JupyterLab page too: a packed gradlab carries it.
// Plain JavaScript, because it must run before anything is compiled, and on a Node that is too old.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `gradlab needs Node 20.19 or newer, this is Node ${process.versions.node}. ` +
      "Install a current Node (24 is recommended) from https://nodejs.org and run npm ci again.",
  );
  process.exit(3);
}

const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
if (!existsSync(compiler)) process.exit(0); // installed without development packages: dist/ came with the package
const build = spawnSync(process.execPath, [compiler, "-b"], { cwd: root, stdio: "inherit" });
if (build.status !== 0) process.exit(build.status ?? 1);

const { writeVisibleChecks } = await import("../dist/grader/release/write-visible.js");
await writeVisibleChecks(join(root, "dist"));

if (process.argv.includes("--page")) {
  const { buildPage } = await import("../dist/lab/ui/build/build-page.js");
  const { pageFolder } = await import("../dist/lab/ui/build/page-folder.js");
  await buildPage({ project: root, output: pageFolder(root) });
}

const program = join(root, "dist", "cli", "main.js");
const bin = join(root, "node_modules", ".bin");
mkdirSync(bin, { recursive: true });
chmodSync(program, 0o755);
if (process.platform === "win32") {
  writeFileSync(join(bin, "gradlab.cmd"), `@node "${program}" %*\r\n`);
} else {
  rmSync(join(bin, "gradlab"), { force: true });
  symlinkSync(join("..", "..", "dist", "cli", "main.js"), join(bin, "gradlab"));
}
