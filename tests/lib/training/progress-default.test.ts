// Which progress is drawn: curves in a notebook, a bar on a terminal, nothing in a file.
import { expect, onTestFinished, test, vi } from "vitest";
import { defaultProgress } from "../../../lib/training/progress-default.ts";
import { fakeKernel } from "../../support/fake-kernel.ts";

const plan = { epochs: 1, stepsPerEpoch: 2, hasValidation: false };

function runOneStep(): void {
  const reporter = defaultProgress();
  reporter.begin?.(plan);
  reporter.step?.({ epoch: 0, step: 0, stepsPerEpoch: 2, loss: 1 });
  reporter.end?.();
}

function terminal(isTTY: boolean): ReturnType<typeof vi.spyOn> {
  const before = process.stderr.isTTY;
  const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  process.stderr.isTTY = isTTY;
  onTestFinished(() => {
    process.stderr.isTTY = before;
    write.mockRestore();
  });
  return write;
}

test("a notebook gets one output with curves", () => {
  const kernel = fakeKernel();
  runOneStep();
  expect(kernel.displays).toHaveLength(1);
  expect(kernel.displays[0]).toHaveProperty("image/svg+xml");
});

test("a terminal gets a bar", () => {
  const write = terminal(true);
  runOneStep();
  expect(write).toHaveBeenCalled();
});

test("a file gets nothing", () => {
  const write = terminal(false);
  runOneStep();
  expect(write).not.toHaveBeenCalled();
});
