// Training leaves nothing behind and asks nobody: no file, no connection, no statistics.
import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { inEmptyHome, runAlone } from "../support/run-alone.ts";

const LIBRARY = new URL("../../dist/lib/index.js", import.meta.url).href;
const HAS_DESCRIPTORS = process.platform === "linux";

/** Trains as a learner does, op by op and compiled, and looks at the open files and connections after each step. */
const PROGRAM = `
  import { readdirSync, readlinkSync } from "node:fs";
  import * as lib from ${JSON.stringify(LIBRARY)};
  const open = new Set();
  const look = () => {
    for (const descriptor of readdirSync("/proc/self/fd")) {
      try { open.add(readlinkSync("/proc/self/fd/" + descriptor)); } catch {}
    }
  };
  look();
  const before = new Set(open);
  const random = new lib.Generator(1);
  const train = new lib.Dataset(lib.randomNormal(random, [64, 100]), lib.zeros([64], { dtype: "int32" }));
  const layers = () => new lib.Sequential(new lib.Linear({ inFeatures: 100, outFeatures: 300, random }), new lib.ReLU(), new lib.Linear({ inFeatures: 300, outFeatures: 3, random }));
  for (const compiled of [false, true]) {
    const model = layers();
    const optimizer = new lib.Adam(model.parameters());
    await lib.fit(model, { train, loss: new lib.CrossEntropyLoss(), optimizer, epochs: 3, batchSize: 32, random, compiled, progress: { step: look } });
  }
  look();
  console.log(JSON.stringify({ opened: [...open].filter((name) => !before.has(name)), statistics: process.env.ORT_DISABLE_TELEMETRY }));`;

describe.skipIf(!HAS_DESCRIPTORS)(
  "training (needs Linux, which tells what a process has open)",
  () => {
    test("opens no connection, and writes no file, op by op and compiled", () => {
      inEmptyHome((home) => {
        const logs = (): string[] =>
          readdirSync("/tmp").filter((name) => name.startsWith("mat-debug-"));
        const before = logs();
        const { output, stderr } = runAlone(home, PROGRAM);
        expect(stderr).toBe("");
        const { opened, statistics } = output as { opened: string[]; statistics: string };
        expect(statistics).toBe("1");
        // A worker thread has a loop of events of its own, pipes, and nothing as its input; looking opens a folder.
        const inside = /^(anon_inode:|pipe:|\/proc\/|\/dev\/null$)/;
        const outside = opened.filter((name) => !inside.test(name));
        expect(outside).toEqual([]);
        expect(readdirSync(home)).toEqual([]);
        expect(logs()).toEqual(before);
      });
    });
  },
);
