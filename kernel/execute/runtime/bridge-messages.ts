// What the main thread and the bridge of the runtime process say to each other, and the memory they share.
import type { MessagePort } from "node:worker_threads";
import type { CommPacket } from "../../comms/comm-packet.ts";
import type { PositionData } from "../../compile/positions.ts";
import type { ThrownValue } from "../../compile/thrown-value.ts";
import type { HostMessage, RuntimeMessage } from "../runtime-messages.ts";

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
  | { readonly type: "hold"; readonly cell: number; readonly isOver: boolean }
  /** A cell that ran in the middle of another one has ended. */
  | { readonly type: "ended"; readonly cell: number; readonly thrown?: ThrownValue }
  | { readonly type: "pong"; readonly ping: number };

/** From the bridge to the main thread. */
export interface Ping {
  /** A self test is answered after a timer, an immediate, a tick and a promise. */
  readonly type: "ping" | "self-test";
  readonly ping: number;
  /** The cells whose top-level awaits are to be rejected. */
  readonly cells: readonly number[];
}

/** A message of a front end, from the bridge to the main thread. */
export interface CommDelivery {
  readonly type: "comm";
  /** What handling it puts out belongs to this number. */
  readonly cell: number;
  readonly packet: CommPacket;
}

/** The report of an error, from the bridge to the main thread. */
export type ReportDelivery = Extract<HostMessage, { type: "report" }>;

/** What the main thread needs to know about a cell to make stacks of its errors. */
export interface CellPlaces {
  readonly cell: number;
  /** What stack traces call the cell's script. */
  readonly name: string;
  readonly places: PositionData;
  readonly forgotten: readonly string[];
}

/** What a `prompt` of `cell` that waits gets from the bridge. */
export type InputAnswer =
  | { readonly type: "value"; readonly cell: number; readonly value: string }
  | { readonly type: "refused"; readonly cell: number; readonly message: string }
  /** For everybody who waits. */
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
  /** How many answers for `prompt` were put into the input port. */
  input: 2,
  /** Messages posted to the bridge that it has not handed on: a full house makes `display` wait. */
  inFlight: 3,
  /** The cell whose first statement was reached last. */
  started: 4,
  /** The newest cell that the interrupt is for: one that is sent later may start. */
  interruptedUpTo: 5,
} as const;

/** Bytes of the shared signal memory. */
export const SIGNAL_BYTES = 24;
