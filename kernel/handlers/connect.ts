// connect_request: the ports of the kernel's sockets.
import { CHANNELS } from "../protocol/connection-file.ts";
import type { Handler } from "./handler.ts";

/** Answers `connect_request`. */
export const connect: Handler = (_request, { connection }) => ({
  status: "ok",
  ...Object.fromEntries(CHANNELS.map((name) => [`${name}_port`, connection.ports[name]])),
});
