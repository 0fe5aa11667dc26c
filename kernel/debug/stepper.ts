// Steps: from one line of the user to the next, through code of Node and of the kernel that is not shown.
import type { InspectorClient } from "../execute/inspector-client.ts";
import type { Asked, Stop } from "./stop.ts";

/** How the program goes on from a stop, in the inspector's words. */
export type Movement = "resume" | "stepOver" | "stepInto" | "stepOut";

/** How far a step into a function of Node looks for code of the user that it calls. */
const MOST_HIDDEN_STEPS = 20;

/** Moves the program on, and further on where it must not be shown. */
export class Stepper {
  readonly #inspector: InspectorClient;
  #asked: Asked;
  /** How many steps through hidden code may still look for the user's. */
  #stepsInto = 0;
  /** Whether the step went through hidden code, and the line that it began on. */
  #wasHidden = false;
  #steppedFrom = "";
  /** Whether a step has outlived its cell: V8 would stop in the next one. */
  #isLeftOver = false;

  constructor(inspector: InspectorClient) {
    this.#inspector = inspector;
  }

  /** Lets the program go on from a stop. */
  async move(movement: Movement, from: Stop): Promise<void> {
    this.#isLeftOver = false;
    this.#asked = movement === "resume" ? undefined : "step";
    this.#wasHidden = false;
    this.#steppedFrom = from.position;
    this.#stepsInto = movement === "stepInto" ? MOST_HIDDEN_STEPS : 0;
    await this.#inspector.post(`Debugger.${movement}`);
  }

  /** Stops the program where it is, or where it next does anything. */
  async pause(): Promise<void> {
    this.#asked = "pause";
    await this.#inspector.post("Debugger.pause");
  }

  /** Another cell starts: no step goes on into it. */
  startCell(): void {
    if (this.#asked !== "step") return;
    this.#asked = undefined;
    this.#isLeftOver = true;
  }

  /** The program is shown where it stopped. @returns what had been asked for */
  arrive(): Asked {
    const asked = this.#asked;
    this.#asked = undefined;
    this.#isLeftOver = false;
    return asked;
  }

  /** Whether the program must not be shown where it stands; then it is on its way already. */
  movesOn(stop: Stop): boolean {
    const inspector = this.#inspector;
    if (stop.isAtGate) {
      inspector.tell(this.#asked === "pause" ? "Debugger.stepOver" : "Debugger.resume");
    } else if (this.#isLeftOver && !stop.isForced) {
      this.#isLeftOver = false;
      inspector.tell("Debugger.resume");
    } else if (!stop.isShown) {
      inspector.tell("Debugger.resume");
      if (this.#asked === "pause") inspector.tell("Debugger.pause");
    } else if (this.#asked !== "step" || stop.isForced) {
      return false;
    } else if (!stop.isTopShown) {
      // V8 steps into Node's own functions, whatever it is told; from there a callback may lead back to the user's.
      inspector.tell(this.#stepsInto-- > 0 ? "Debugger.stepInto" : "Debugger.stepOut");
      this.#wasHidden = true;
    } else if (this.#wasHidden && stop.position === this.#steppedFrom) {
      // Back from hidden code in the middle of the line that was left.
      inspector.tell("Debugger.stepOver");
    } else {
      return false;
    }
    return true;
  }
}
