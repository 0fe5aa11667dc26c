// An answer on stdin belongs to the question of its sender, however the client names it.
import { expect, test } from "vitest";
import { createMessage, type Message } from "../../../kernel/protocol/message.ts";
import { Questions } from "../../../kernel/transport/questions.ts";

const client = Buffer.from("client");
const stranger = Buffer.from("stranger");

function message(type: string, identity: Uint8Array, parent?: Message): Message {
  return createMessage({
    type,
    session: "s",
    content: { value: "x" },
    identities: [identity],
    parent: parent?.header,
  });
}

function ask(questions: Questions, cell: number): { request: Message; asked: Message } {
  const request = message("execute_request", client);
  const asked = message("input_request", client, request);
  questions.add({ cell, id: asked.header.msg_id, request });
  return { request, asked };
}

test("an answer that names its question, its cell or nothing is taken", () => {
  const questions = new Questions();
  const first = ask(questions, 1);
  const second = ask(questions, 2);
  const third = ask(questions, 3);
  expect(questions.take(message("input_reply", client, first.asked))?.cell).toBe(1);
  expect(questions.take(message("input_reply", client, second.request))?.cell).toBe(2);
  expect(questions.take(message("input_reply", client))?.cell).toBe(3);
  expect(questions.take(message("input_reply", client, third.asked))).toBeUndefined();
});

test("nobody answers for another client", () => {
  const questions = new Questions();
  const { asked } = ask(questions, 1);
  expect(questions.take(message("input_reply", stranger, asked))).toBeUndefined();
  expect(questions.take(message("input_reply", stranger))).toBeUndefined();
  expect(questions.take(message("input_reply", client, asked))?.cell).toBe(1);
});

test("the question of a cell that has ended is forgotten", () => {
  const questions = new Questions();
  const { request, asked } = ask(questions, 1);
  questions.drop(request);
  expect(questions.take(message("input_reply", client, asked))).toBeUndefined();
});
