// What was thrown becomes plain data, whatever it is and however it behaves when looked at.
import { expect, test } from "vitest";
import { captureThrown } from "../../../kernel/compile/thrown-value.ts";

test("an error whose causes lead in a circle is told once", () => {
  const first = new Error("first");
  const second = new Error("second", { cause: first });
  first.cause = second;
  const thrown = captureThrown(first);
  expect(thrown.cause?.message).toBe("second");
  expect(thrown.cause?.cause).toBeUndefined();
});

test("an error that lists itself among its errors is told once", () => {
  const whole = new AggregateError([new Error("part")], "whole");
  whole.errors.push(whole);
  expect(captureThrown(whole).errors?.map(({ message }) => message)).toEqual(["part"]);
});

test.each([
  [undefined, "undefined"],
  [null, "null"],
  ["text", "text"],
  [{ a: 1 }, "{ a: 1 }"],
])("the value %s is no error and shows itself", (value, message) => {
  expect(captureThrown(value)).toMatchObject({ isError: false, message });
});

test("values that throw when they are looked at are described all the same", () => {
  const refuse = (): never => {
    throw new TypeError("do not look");
  };
  const handler = { get: refuse, getPrototypeOf: refuse, ownKeys: refuse, has: refuse };
  expect(captureThrown(new Proxy({}, handler)).name).toBe("Uncaught");
  const error = Object.defineProperty(new Error(), "message", { get: refuse });
  expect(captureThrown(error)).toMatchObject({
    isError: true,
    name: "Error",
    message: "<cannot be shown>",
  });
});
