// What the host process and the runtime process say to each other, over the pipe on file descriptor 3.
import type { CommandEffect } from "../commands/command.ts";
import type { CommPacket } from "../comms/comm-packet.ts";
import type { PositionData } from "../compile/positions.ts";
import type { ErrorReport } from "../compile/syntax-error.ts";
import type { ThrownValue } from "../compile/thrown-value.ts";
import type { MimeBundle } from "../display/mime-bundle.ts";

/** Starts a cell. */
export interface CellStart {
  readonly type: "execute";
  readonly cell: number;
  readonly javascript: string;
  /** What stack traces call the cell's script. */
  readonly name: string;
  /** Where its lines stand in TypeScript. */
  readonly places: PositionData;
  /** Scripts of older cells whose places are not needed any more. */
  readonly forgotten: readonly string[];
}

/** From the host to the runtime. */
export type HostMessage =
  | CellStart
  /** For all cells that run. */
  | { readonly type: "interrupt" }
  | { readonly type: "input"; readonly cell: number; readonly value: string }
  | { readonly type: "input-refused"; readonly cell: number; readonly message: string }
  | { readonly type: "look"; readonly look: number; readonly expression: string }
  /** A message of a front end; what handling it puts out belongs to `cell`, a number of its own. */
  | { readonly type: "comm"; readonly cell: number; readonly packet: CommPacket }
  /** The report of an error that a widget shows. */
  | { readonly type: "report"; readonly ticket: number; readonly report: ErrorReport }
  | InspectCommand;

/** A property of a value, own or inherited. */
export interface LiveProperty {
  readonly name: string;
  readonly isFunction: boolean;
  readonly isOwn: boolean;
}

/** A value as it is now. */
export interface LiveLook {
  /** Name of its class, or of its primitive type. */
  readonly type: string;
  /** A function's source, a primitive's text, an object's short description. */
  readonly text: string;
  readonly isFunction: boolean;
  /** The first properties and their values as text. */
  readonly preview: readonly (readonly [name: string, text: string])[];
  readonly properties: readonly LiveProperty[];
}

/** A command of V8's inspector protocol. */
export interface InspectCommand {
  readonly type: "inspect";
  readonly id: number;
  readonly method: string;
  readonly parameters: object;
}

/** What V8's inspector says: the answer to a command, or an event. */
export type InspectMessage =
  | {
      readonly type: "inspect-reply";
      readonly id: number;
      readonly result: object;
      /** Set when the inspector refused the command. */
      readonly problem?: string;
    }
  | { readonly type: "inspect-event"; readonly method: string; readonly parameters: object };

/** Streams of a cell. */
export type StreamName = "stdout" | "stderr";

/** From the runtime to the host. `cell` is the id that the host gave; 0 means no cell. */
export type RuntimeMessage =
  | { readonly type: "ready" }
  | InspectMessage
  | {
      readonly type: "stream";
      readonly cell: number;
      readonly name: StreamName;
      readonly bytes: Uint8Array;
    }
  | {
      readonly type: "display";
      readonly cell: number;
      readonly bundle: MimeBundle;
      readonly metadata: Record<string, unknown>;
      readonly displayId: string;
      readonly isUpdate: boolean;
    }
  | { readonly type: "clear"; readonly cell: number; readonly wait: boolean }
  | {
      readonly type: "result";
      readonly cell: number;
      readonly bundle: MimeBundle;
      readonly metadata: Record<string, unknown>;
    }
  | {
      readonly type: "input-request";
      readonly cell: number;
      readonly prompt: string;
      readonly isPassword: boolean;
    }
  | { readonly type: "uncaught"; readonly cell: number; readonly thrown: ThrownValue }
  | { readonly type: "effect"; readonly cell: number; readonly effect: CommandEffect }
  | { readonly type: "notice"; readonly cell: number; readonly text: string }
  | { readonly type: "comm"; readonly cell: number; readonly packet: CommPacket }
  /** A widget is to show an error, and needs its report. */
  | {
      readonly type: "report-request";
      readonly cell: number;
      readonly ticket: number;
      readonly thrown: ThrownValue;
    }
  /** The message of a front end was handled; `isKnown` tells whether its comm or its target exists. */
  | { readonly type: "comm-received"; readonly cell: number; readonly isKnown: boolean }
  | { readonly type: "looked"; readonly look: number; readonly found?: LiveLook | undefined }
  | {
      readonly type: "done";
      readonly cell: number;
      /** Absent when the cell ran to its end. */
      readonly thrown?: ThrownValue;
      readonly wasInterrupted: boolean;
    };
