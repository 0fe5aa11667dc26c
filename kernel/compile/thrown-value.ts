// What a cell threw, as plain data that travels between processes. Looking at it never throws.
import { inspect } from "node:util";

/** An error or another thrown value, without the value itself. */
export interface ThrownValue {
  /** False for `throw 5` and the like. */
  isError: boolean;
  /** The error's class or `name`; `Uncaught` when it is no error. */
  name: string;
  message: string;
  /** The stack as V8 wrote it; empty when there is none. */
  stack: string;
  /** True when the stack names the lines of cells as they are in TypeScript. */
  isMapped?: boolean;
  /** Own properties beyond message, stack and cause, such as `code`, printed; empty when none. */
  details: string;
  /** What `cause` holds. */
  cause?: ThrownValue;
  /** The errors of an AggregateError. */
  errors?: ThrownValue[];
}

const DEEPEST_CAUSE = 8;
const MOST_ERRORS = 10;
const LONGEST_MESSAGE = 20_000;
const LONGEST_DETAILS = 1500;
const DETAIL_OPTIONS = { depth: 2, maxArrayLength: 10, maxStringLength: 200, colors: false };
const NOT_SHOWABLE = "<cannot be shown>";

/**
 * Describes a thrown value as data.
 *
 * @param isMapped - whether an error's stack, once read, names TypeScript lines
 * @param seen - the errors that led to this one
 */
export function captureThrown(
  value: unknown,
  isMapped: (error: object) => boolean = () => false,
  seen: readonly unknown[] = [],
): ThrownValue {
  if (!isErrorLike(value)) return captureValue(value);
  const wholeMessage = textOf(read(value, "message", NOT_SHOWABLE));
  const message = clip(wholeMessage);
  const thrown: ThrownValue = {
    isError: true,
    name: errorName(value),
    message,
    stack: clipStack(textOf(read(value, "stack")), wholeMessage, message),
    details: detailsOf(value),
  };
  if (isMapped(value)) thrown.isMapped = true;
  if (seen.length >= DEEPEST_CAUSE) return thrown;
  // Causes may lead in a circle: every error is told once.
  const path = [...seen, value];
  const cause = read(value, "cause");
  if (cause !== undefined && !path.includes(cause))
    thrown.cause = captureThrown(cause, isMapped, path);
  const errors = read(value, "errors");
  if (Array.isArray(errors)) {
    thrown.errors = errors
      .filter((one) => !path.includes(one))
      .slice(0, MOST_ERRORS)
      .map((one) => captureThrown(one, isMapped, path));
  }
  return thrown;
}

function captureValue(value: unknown): ThrownValue {
  const message =
    typeof value === "string" ? value : safely(() => inspect(value, DETAIL_OPTIONS), NOT_SHOWABLE);
  return { isError: false, name: "Uncaught", message: clip(message), stack: "", details: "" };
}

/** Whether a thrown value is an error, of this realm or another. */
export function isErrorLike(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  // Errors of other realms (vm contexts) are no instances of our Error.
  const isErrorTag = (): boolean => Object.prototype.toString.call(value) === "[object Error]";
  return safely(() => value instanceof Error || isErrorTag(), false);
}

function errorName(error: object): string {
  const name = textOf(read(error, "name")) || "Error";
  const className = textOf(read(read(error, "constructor"), "name"));
  return name === "Error" && className !== "" ? className : name;
}

const SHOWN_ELSEWHERE = new Set(["name", "message", "stack", "cause", "errors"]);
/** The message of a failed assertion shows these already, as a difference. */
const SHOWN_BY_ASSERTIONS = new Set(["generatedMessage", "actual", "expected", "operator", "diff"]);

function detailsOf(error: object): string {
  const own: Record<string, unknown> = {};
  const isAssertion = read(error, "code") === "ERR_ASSERTION";
  for (const key of safely(() => Object.keys(error), [])) {
    if (SHOWN_ELSEWHERE.has(key) || (isAssertion && SHOWN_BY_ASSERTIONS.has(key))) continue;
    own[key] = read(error, key, NOT_SHOWABLE);
  }
  if (Object.keys(own).length === 0) return "";
  return clip(
    safely(() => inspect(own, DETAIL_OPTIONS), NOT_SHOWABLE),
    LONGEST_DETAILS,
  );
}

function read(holder: unknown, key: string, otherwise?: unknown): unknown {
  if (typeof holder !== "object" && typeof holder !== "function") return undefined;
  return safely(() => (holder as Record<string, unknown> | null)?.[key], otherwise);
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

const clip = (text: string, longest: number = LONGEST_MESSAGE): string =>
  text.length <= longest ? text : `${text.slice(0, longest)} ...`;

/** A long message in front of the frames must not push them out. */
function clipStack(stack: string, wholeMessage: string, message: string): string {
  const header = wholeMessage.length > message.length ? stack.indexOf(wholeMessage) : -1;
  if (header < 0) return clip(stack);
  return stack.slice(0, header) + message + clip(stack.slice(header + wholeMessage.length));
}

function safely<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}
