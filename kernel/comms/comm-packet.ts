// One message of a comm between the process that runs cells and the front ends.

/** What a message does to its comm. */
export type CommAction = "open" | "message" | "close";

/** A message of a comm, on its way in or out. */
export interface CommPacket {
  readonly action: CommAction;
  /** The comm's id, the same on both sides. */
  readonly id: string;
  /** The target that an opened comm is for; empty in other messages. */
  readonly target: string;
  readonly data: Record<string, unknown>;
  readonly metadata: Record<string, unknown>;
  readonly buffers: readonly Uint8Array[];
}
