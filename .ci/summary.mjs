// Adds up what the test runner wrote, and fails when something was skipped that this machine can run.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = "results/ci";
/** What CI has no way to provide; every other reason to skip is a fault of CI. */
const CANNOT_RUN_HERE = /\(needs (a GPU|Windows|macOS)/;

const reports = existsSync(FOLDER)
  ? readdirSync(FOLDER).filter((name) => name.endsWith(".json"))
  : [];
const tests = reports.flatMap((name) => {
  const report = JSON.parse(readFileSync(join(FOLDER, name), "utf8"));
  return report.testResults.flatMap((file) => {
    const crashed = file.status === "failed" && file.assertionResults.length === 0;
    return crashed ? [{ status: "failed", fullName: file.name }] : file.assertionResults;
  });
});

const count = (...states) => tests.filter(({ status }) => states.includes(status)).length;
const [passed, failed, skipped] = [
  count("passed"),
  count("failed"),
  count("skipped", "pending", "todo"),
];
const wronglySkipped = tests.filter(
  ({ status, fullName }) =>
    ["skipped", "pending", "todo"].includes(status) && !CANNOT_RUN_HERE.test(fullName),
);
for (const { fullName } of wronglySkipped)
  console.error(`skipped, but it can run here: ${fullName}`);

const commandFailed = process.argv[2] !== "0";
if (reports.length < 2)
  console.error(`expected the reports of two test projects in ${FOLDER}, found ${reports.length}`);
if (commandFailed) console.error(`npm ci && npm test ended with exit code ${process.argv[2]}`);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode =
  commandFailed || failed > 0 || wronglySkipped.length > 0 || reports.length < 2 ? 1 : 0;
