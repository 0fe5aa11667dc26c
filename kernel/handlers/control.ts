// interrupt_request and shutdown_request: what a client may ask for at any time.
import type { Handler } from "./handler.ts";

/** Answers `interrupt_request`; asked a second time while the cell still runs, it uses force. */
export const interrupt: Handler = (_request, { session, language }) => {
  language.interrupt();
  session.interrupt();
  return { status: "ok" };
};

/** Answers `shutdown_request`. With `restart`, the client starts a new kernel itself. */
export const shutdown: Handler = (request, { publisher, shutDown, debugAdapter }) => {
  debugAdapter.close();
  const content = { status: "ok", restart: request.content["restart"] === true };
  publisher.send("shutdown_reply", content, request.header);
  shutDown();
  return content;
};
