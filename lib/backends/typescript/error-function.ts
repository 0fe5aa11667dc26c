// The error function to full float64 precision, by two classical expansions.

const TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);

/** Below this the series is shorter, above it the continued fraction converges quickly. */
const SWITCH_POINT = 2;

/** So many levels of the continued fraction leave less than 1e-16 from the switch point on. */
const FRACTION_LEVELS = 60;

/** erf(x) = 2 / sqrt(pi) * integral of e^(-t^2) for t from 0 to x. */
export function erf(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude < SWITCH_POINT) return series(x);
  if (magnitude > 6) return Math.sign(x); // 1 - erf(6) is 2e-17: nothing is left in float64
  return Number.isNaN(x) ? x : Math.sign(x) * (1 - complement(magnitude));
}

// erf(x) = 2 / sqrt(pi) * e^(-x^2) * sum over n of 2^n x^(2n+1) / (1 * 3 * 5 ... (2n+1)); all terms have one sign.
function series(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return TWO_OVER_ROOT_PI * Math.exp(-x * x) * sum;
}

// 1 - erf(x) = e^(-x^2) / sqrt(pi) * 1 / (x + (1/2) / (x + 1 / (x + (3/2) / (x + ...)))), for x > 0.
function complement(x: number): number {
  let denominator = x;
  for (let level = FRACTION_LEVELS; level > 0; level--) {
    denominator = x + level / 2 / denominator;
  }
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / denominator;
}
