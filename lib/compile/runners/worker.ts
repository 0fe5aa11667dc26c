// The worker: an engine in a thread of its own, which answers calls in the order in which they come.
import { parentPort, workerData } from "node:worker_threads";
import { requireOnnxRuntime } from "../../backends/onnx/runtime.ts";
import { answerAndRing } from "./bell.ts";
import { Engine } from "./engine.ts";
import { computeBehind } from "./gate.ts";
import type { RunOutcome } from "../recording/plan.ts";
import { type Answer, buffersOf, type Question, type WorkerData } from "./worker-messages.ts";

const { gate, line } = workerData as WorkerData;
const engine = new Engine(requireOnnxRuntime());

parentPort!.on("message", (question: Question | "end") => {
  if (question !== "end") {
    computeBehind(gate, () => {
      const { answer, handedOver } = answerTo(question);
      if (question.standsStill) answerAndRing(line, answer, handedOver);
      else parentPort!.postMessage(answer, handedOver);
    });
    return;
  }
  engine.dispose();
  // Without a port to listen to, the thread has nothing left to do.
  parentPort!.close();
});

function answerTo(question: Question): { answer: Answer; handedOver: ArrayBuffer[] } {
  const { id, call, parameters } = question;
  try {
    const value = (engine[call] as (...parameters: unknown[]) => unknown)(...parameters);
    return { answer: { id, value }, handedOver: handedOverBy(question, value) };
  } catch (error) {
    return { answer: { id, error }, handedOver: [] };
  }
}

function handedOverBy({ call }: Question, value: unknown): ArrayBuffer[] {
  if (call === "read") return buffersOf(value as ArrayBufferView[]);
  if (call !== "run") return [];
  const { results, feeds } = value as RunOutcome;
  return buffersOf([...results, ...feeds]);
}
