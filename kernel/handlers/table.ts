// Which handler answers which request, and which requests wait for their turn behind running cells.
import { commClose, commInfo, commMessage, commOpen } from "./comm.ts";
import { interrupt, shutdown } from "./control.ts";
import { connect } from "./connect.ts";
import { debug } from "./debug.ts";
import { execute } from "./execute.ts";
import type { Handler } from "./handler.ts";
import { history } from "./history.ts";
import { kernelInfo } from "./kernel-info.ts";
import { loadLater } from "./load-later.ts";
import { createSubshell, deleteSubshell, listSubshells } from "./subshells.ts";
import { usage } from "./usage.ts";

/** A handler and how it is called. */
export interface Route {
  readonly handler: Handler;
  /** Runs after the cells that were sent before it. Others are answered at once, also while a cell runs. */
  readonly waitsForCells?: boolean;
}

/** All requests by `msg_type`. */
export const ROUTES: Readonly<Record<string, Route>> = {
  kernel_info_request: { handler: kernelInfo },
  execute_request: { handler: execute, waitsForCells: true },
  is_complete_request: {
    handler: loadLater(async () => (await import("./is-complete.ts")).isComplete),
  },
  complete_request: { handler: loadLater(async () => (await import("./complete.ts")).complete) },
  inspect_request: { handler: loadLater(async () => (await import("./inspect.ts")).inspect) },
  history_request: { handler: history },
  connect_request: { handler: connect },
  comm_info_request: { handler: commInfo },
  comm_open: { handler: commOpen },
  comm_msg: { handler: commMessage },
  comm_close: { handler: commClose },
  interrupt_request: { handler: interrupt },
  shutdown_request: { handler: shutdown },
  debug_request: { handler: debug },
  usage_request: { handler: usage },
  create_subshell_request: { handler: createSubshell },
  delete_subshell_request: { handler: deleteSubshell },
  list_subshell_request: { handler: listSubshells },
};
