// Answers that are given again: soon after, for the same question only, and not for ever.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AnswerCache } from "../../../kernel/language/answer-cache.ts";
import { NotebookModel } from "../../../kernel/language/notebook-model.ts";

const FILE = new NotebookModel().draft("a.b", "next");
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("the same question gets the same answer for a few seconds", () => {
  const answers = new AnswerCache();
  const answer = { items: [{ label: "b" }] };
  answers.keep("a.b", answer, FILE);
  expect(answers.find("a.b")).toBe(answer);
  expect(answers.find("a.c")).toBeUndefined();
  vi.advanceTimersByTime(6000);
  expect(answers.find("a.b")).toBeUndefined();
});

test("no answer is asked for again, and the oldest are forgotten", () => {
  const answers = new AnswerCache();
  answers.keep("none", undefined, FILE);
  for (let at = 0; at < 40; at++) answers.keep(`q${at}`, at, FILE);
  expect(answers.find("none")).toBeUndefined();
  expect(answers.find("q0")).toBeUndefined();
  expect(answers.find("q39")).toBe(39);
});

test("an item knows the text that it belongs to, and its details", () => {
  const answers = new AnswerCache();
  const item = { label: "b" };
  answers.keep("a.b", { items: [item] }, FILE);
  expect(answers.originOf(item)).toBe(FILE);
  expect(answers.originOf({ label: "b" })).toBeUndefined();
  answers.keepDetails(item, { detail: "b: 1" });
  expect(answers.detailsOf(item)).toEqual({ detail: "b: 1" });
});
