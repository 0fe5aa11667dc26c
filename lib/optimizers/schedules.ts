// Learning-rate schedules: large steps at first, small ones towards the end.
import { checkCount, kindOf } from "../check.ts";
import { ArgumentError } from "../errors.ts";

/** The learning rate of step `step`, counted from 1. */
export type Schedule = (step: number) => number;

/**
 * A learning rate that falls by a factor every so many steps.
 *
 * rate(t) = start * factor^floor((t - 1) / every)
 *
 * @source He, Zhang, Ren & Sun 2016, "Deep residual learning for image recognition", section 3.4
 * @throws {ArgumentError} when start or factor is not a positive number, or every is no whole number from 1 on
 */
export function stepDecay(options: {
  readonly start: number;
  /** 0.1 unless given. */
  readonly factor?: number;
  /** Steps between two falls. */
  readonly every: number;
}): Schedule {
  const { start, factor = 0.1, every } = options;
  checkRate("stepDecay", "start", start);
  checkRate("stepDecay", "factor", factor);
  checkCount("stepDecay", "every", every);
  return (step) => start * factor ** Math.floor((step - 1) / every);
}

/**
 * A learning rate that falls along half a wave, slowly at both ends, and then stays.
 *
 * rate(t) = end + (start - end) * (1 + cos(pi * (t - 1) / steps)) / 2
 *
 * @source Loshchilov & Hutter 2017, "SGDR: stochastic gradient descent with warm restarts", equation 5
 * @throws {ArgumentError} when start is not a positive number, end is negative, or steps is no whole number from 1 on
 */
export function cosineDecay(options: {
  readonly start: number;
  /** 0 unless given. */
  readonly end?: number;
  /** Steps until `end` is reached. */
  readonly steps: number;
}): Schedule {
  const { start, end = 0, steps } = options;
  checkRate("cosineDecay", "start", start);
  if (end !== 0) checkRate("cosineDecay", "end", end);
  checkCount("cosineDecay", "steps", steps);
  return (step) => {
    const part = Math.min(1, (step - 1) / steps);
    return end + ((start - end) * (1 + Math.cos(Math.PI * part))) / 2;
  };
}

/**
 * Another schedule, reached by even steps from near 0: the first gradients are the least to be trusted.
 *
 * rate(t) = schedule(1) * t / steps for t <= steps, then schedule(t - steps)
 *
 * @source Goyal et al. 2017, "Accurate, large minibatch SGD: training ImageNet in 1 hour", section 2.2
 * @throws {ArgumentError} when the schedule is no function, or steps is no whole number from 1 on
 */
export function warmUp(schedule: Schedule, steps: number): Schedule {
  if (typeof schedule !== "function") {
    const constant = typeof schedule === "number" ? `() => ${String(schedule)}` : "() => 0.001";
    throw new ArgumentError(
      `warmUp: expects a schedule, got ${kindOf(schedule)}. Pass stepDecay(...) or cosineDecay(...), or ${constant} for a constant rate: warmUp(${constant}, steps).`,
    );
  }
  checkCount("warmUp", "steps", steps);
  return (step) => (step <= steps ? (schedule(1) * step) / steps : schedule(step - steps));
}

function checkRate(schedule: string, name: string, value: number): void {
  if (Number.isFinite(value) && value > 0) return;
  throw new ArgumentError(
    `${schedule}: ${name} must be a positive number, got ${kindOf(value)}. A learning rate is usually between 0.0001 and 0.1.`,
  );
}
