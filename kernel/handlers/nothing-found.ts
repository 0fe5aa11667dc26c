// Requests that this kernel answers with a valid reply that finds nothing.
import { textOf } from "../protocol/message.ts";
import type { Handler } from "./handler.ts";

/** Answers `history_request` without entries. */
export const history: Handler = () => ({ status: "ok", history: [] });

/** Answers `connect_request`; the ports are in the connection file. */
export const connect: Handler = () => ({ status: "ok" });

/** Answers `debug_request` with the failure that the debug adapter protocol has for it. */
export const debug: Handler = ({ content }) => ({
  type: "response",
  seq: 0,
  request_seq: typeof content["seq"] === "number" ? content["seq"] : 0,
  command: textOf(content, "command"),
  success: false,
  message: "this kernel has no debugger",
  body: {},
});
