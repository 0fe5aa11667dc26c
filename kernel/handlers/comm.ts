// Comms: channels between a widget and the kernel. None is open yet, and that is what clients are told.
import type { Handler } from "./handler.ts";

/** Answers `comm_info_request`. */
export const commInfo: Handler = () => ({ status: "ok", comms: {} });

/** A front end opens a comm whose target nobody registered: it is closed again, as the protocol asks. */
export const commOpen: Handler = (request, { publisher }) => {
  const id = request.content["comm_id"];
  if (typeof id === "string") {
    publisher.send("comm_close", { comm_id: id, data: {} }, request.header);
  }
  return undefined;
};

/** Messages to a comm that is not open are dropped. */
export const commMessage: Handler = () => undefined;
