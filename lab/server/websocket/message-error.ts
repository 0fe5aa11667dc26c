// A message of a client as it comes out of either websocket protocol, and the error for one that cannot be read.
import type { MessageFrames } from "../kernels/relay-frames.ts";

/** A message and the channel that it belongs to. */
export interface ChannelMessage {
  readonly channel: string;
  readonly parts: MessageFrames;
}

/** A websocket message that does not follow its protocol. */
export class WebsocketMessageError extends Error {
  override readonly name = "WebsocketMessageError";
  readonly code = "LAB_WEBSOCKET_MESSAGE";

  /** @param problem - what was expected and what came */
  constructor(problem: string, options?: ErrorOptions) {
    super(`websocket: ${problem}. Send messages with @jupyterlab/services.`, options);
  }
}
