// Requests that this kernel answers with a valid reply that finds nothing.
import type { Handler } from "./handler.ts";

/** Answers `history_request` without entries. */
export const history: Handler = () => ({ status: "ok", history: [] });

/** Answers `connect_request`; the ports are in the connection file. */
export const connect: Handler = () => ({ status: "ok" });
