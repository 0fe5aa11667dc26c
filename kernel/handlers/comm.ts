// Comms: messages of front ends go to the user's code, at once and not in the queue of the cells.
import type { CommAction, CommPacket } from "../comms/comm-packet.ts";
import { textOf, type JsonObject, type Message } from "../protocol/message.ts";
import type { Handler, KernelContext } from "./handler.ts";
import { inputRefused, publishComm, publishOutput } from "./publish-output.ts";

/** Answers `comm_info_request`. */
export const commInfo: Handler = ({ content }, { session }) => {
  const target = content["target_name"];
  return {
    status: "ok",
    comms: session.comms.list(typeof target === "string" ? target : undefined),
  };
};

/** A front end opens a comm; when nobody registered its target, it is closed again, as the protocol asks. */
export const commOpen: Handler = async (request, kernel) => {
  const packet = packetOf("open", request);
  if (packet.id === "" || (await deliver(packet, request, kernel))) return undefined;
  const closing = { ...packet, action: "close", data: {}, metadata: {}, buffers: [] } as const;
  publishComm(closing, request.header, kernel.publisher);
  return undefined;
};

/** A message to a comm; dropped when the comm is not open. */
export const commMessage: Handler = async (request, kernel) => {
  await deliver(packetOf("message", request), request, kernel);
  return undefined;
};

/** A front end closes a comm. */
export const commClose: Handler = async (request, kernel) => {
  await deliver(packetOf("close", request), request, kernel);
  return undefined;
};

function deliver(
  packet: CommPacket,
  request: Message,
  { session, publisher }: KernelContext,
): Promise<boolean> {
  return session.comms.deliver(packet, (output) => {
    if (output.type === "input-request") session.answer(inputRefused(output.cell));
    else if (output.type !== "result") publishOutput(output, request.header, publisher);
  });
}

function packetOf(action: CommAction, { content, metadata, buffers }: Message): CommPacket {
  const data = content["data"];
  return {
    action,
    id: textOf(content, "comm_id"),
    target: textOf(content, "target_name"),
    data: typeof data === "object" && data !== null ? (data as JsonObject) : {},
    metadata,
    buffers,
  };
}
