// What the main thread and the bridge of the runtime process say to each other, and the memory they share.
import type { MessagePort } from "node:worker_threads";
import type { CommPacket } from "../../comms/comm-packet.ts";
import type { PositionData } from "../../compile/positions.ts";
import type { RuntimeMessage } from "../runtime-messages.ts";

/** From the main thread to the bridge: messages for the host, and signals of its own. */
export type MainMessage =
  | {
      readonly type: "forward";
      readonly message: RuntimeMessage;
      /** Position of the output ring when the message was posted: that text comes first. */
      readonly position: number;
    }
  | { readonly type: "wake" }
  /** A value is being made ready to be shown: the cell is not done before `isOver` follows. */
  | { readonly type: "hold"; readonly isOver: boolean }
  | { readonly type: "pong"; readonly ping: number };

/** From the bridge to the main thread. */
export interface Ping {
  /** A self test is answered after a timer, an immediate, a tick and a promise. */
  readonly type: "ping" | "self-test";
  readonly ping: number;
  /** The cell whose top-level await is to be rejected. */
  readonly cell: number;
}

/** A message of a front end, from the bridge to the main thread. */
export interface CommDelivery {
  readonly type: "comm";
  /** What handling it puts out belongs to this number. */
  readonly cell: number;
  readonly packet: CommPacket;
}

/** What the main thread needs to know about a cell to make stacks of its errors. */
export interface CellPlaces {
  /** What stack traces call the cell's script. */
  readonly name: string;
  readonly places: PositionData;
}

/** What a `prompt` that waits gets from the bridge. */
export type InputAnswer =
  | { readonly type: "value"; readonly value: string }
  | { readonly type: "refused"; readonly message: string }
  | { readonly type: "interrupted" };

/** What the bridge is started with. */
export interface BridgeData {
  readonly port: MessagePort;
  readonly inputPort: MessagePort;
  /** Takes the `CellPlaces` of each cell before it starts. */
  readonly placesPort: MessagePort;
  readonly ring: SharedArrayBuffer;
  /** Words of `SIGNALS`. */
  readonly signals: SharedArrayBuffer;
}

/** Words of the shared signal memory. */
export const SIGNALS = {
  /** Non-zero: an interrupt is asked for. Published as `interruptFlag`. */
  interrupt: 0,
  /** The cell in whose run somebody took the interrupt flag to poll it. */
  poller: 1,
  /** 1: an answer for `prompt` is in the input port. */
  input: 2,
  /** Messages posted to the bridge that it has not handed on: a full house makes `display` wait. */
  inFlight: 3,
  /** The cell whose first statement was reached last. */
  started: 4,
} as const;

/** Bytes of the shared signal memory. */
export const SIGNAL_BYTES = 20;
