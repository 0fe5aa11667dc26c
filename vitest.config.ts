// Three projects: house (fast rules over the source), unit (everything once), long (soaks and repetitions).
import { defineConfig } from "vitest/config";

const shared = { environment: "node" as const, testTimeout: 30_000, hookTimeout: 60_000 };

// CI reads one report per project: see .ci/summary.mjs.
const project = process.argv[process.argv.indexOf("--project") + 1] ?? "all";
export default defineConfig({
  test: {
    reporters: process.env["CI"] ? ["default", "json"] : ["default"],
    outputFile: { json: `results/ci/${project}.json` },
    projects: [
      { test: { ...shared, name: "house", include: ["tests/house/**/*.test.ts"] } },
      {
        test: {
          ...shared,
          name: "unit",
          include: ["tests/**/*.test.ts"],
          exclude: ["tests/house/**", "tests/long/**", "**/node_modules/**"],
          maxWorkers: 2,
        },
      },
      {
        test: {
          ...shared,
          name: "long",
          include: ["tests/long/**/*.test.ts"],
          testTimeout: 600_000,
          maxWorkers: 1,
        },
      },
    ],
  },
});
