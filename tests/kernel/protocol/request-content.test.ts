// Content of the wrong kind is refused with a message that says what belongs there.
import { expect, test } from "vitest";
import { createMessage } from "../../../kernel/protocol/message.ts";
import { checkContent } from "../../../kernel/protocol/request-content.ts";

const check = (type: string, content: object) => (): void =>
  checkContent(createMessage({ type, session: "s", content }));

test.each<[string, object, RegExp]>([
  ["execute_request", {}, /code must be text, got nothing/],
  ["execute_request", { code: 5 }, /code must be text, got 5/],
  ["execute_request", { code: "1", silent: "yes" }, /silent must be true or false, got "yes"/],
  ["execute_request", { code: "1", user_expressions: { a: 1 } }, /values are text/],
  ["execute_request", { code: "1", user_expressions: [] }, /values are text/],
  ["history_request", { hist_access_type: "tail", n: 1.5 }, /n must be a whole number, got 1.5/],
  ["comm_open", { comm_id: "c", target_name: "t", data: [] }, /data must be an object/],
  ["delete_subshell_request", { subshell_id: null }, /subshell_id must be text, got null/],
  ["debug_request", { command: "attach", seq: "1" }, /seq must be a whole number/],
])("%s with %j", (type, content, problem) => {
  expect(check(type, content)).toThrow(problem);
  expect(check(type, content)).toThrow(/Send it as the Jupyter protocol 5.5 says/);
});

test.each<[string, object]>([
  ["execute_request", { code: "" }],
  ["execute_request", { code: "1", silent: null, user_expressions: { a: "b" }, cellId: 7 }],
  ["history_request", { hist_access_type: "range", session: -1, start: 0, stop: null }],
  ["comm_open", { comm_id: "c", target_name: "t" }],
  ["toString", { code: 5 }],
])("%s with %j passes", (type, content) => {
  expect(check(type, content)).not.toThrow();
});
