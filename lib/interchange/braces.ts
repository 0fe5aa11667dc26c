// Options behind other arguments, in braces: a bare word or null is told as such, and not taken for no options.
import { kindOf } from "../check.ts";
import { ArgumentError } from "../errors.ts";

/**
 * @param example - of options that could have been meant
 * @throws {ArgumentError} when options are something else than an object
 */
export function checkBraces(
  owner: string,
  options: unknown,
  example = '{ layout: "torch" }',
): void {
  if (typeof options === "object" && options !== null && !Array.isArray(options)) return;
  throw new ArgumentError(
    `${owner}: expects options in braces, got ${kindOf(options)}. Pass ${example}, or leave it out.`,
  );
}
