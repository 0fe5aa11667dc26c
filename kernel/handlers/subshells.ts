// create_, delete_ and list_subshell_request: more shells, whose cells run beside those of the main one.
import { textOf } from "../protocol/message.ts";
import type { Handler } from "./handler.ts";

/** What `kernel_info_reply` calls the feature. */
export const SUBSHELLS_FEATURE = "kernel subshells";

/** Answers `create_subshell_request`. */
export const createSubshell: Handler = (_request, { subshells }) => ({
  status: "ok",
  subshell_id: subshells.create(),
});

/** Answers `delete_subshell_request`. */
export const deleteSubshell: Handler = ({ content }, { subshells }) => {
  const id = textOf(content, "subshell_id");
  return subshells.delete(id) ? { status: "ok" } : unknownSubshell(id);
};

/** Answers `list_subshell_request`. */
export const listSubshells: Handler = (_request, { subshells }) => ({
  status: "ok",
  subshell_id: subshells.list(),
});

/** The answer to a request for a subshell that does not exist. */
export function unknownSubshell(id: string): Record<string, unknown> {
  return {
    status: "error",
    ename: "SubshellNotFound",
    evalue:
      `subshell_id must name a subshell of this kernel, got "${id}", which was never created or has been deleted. ` +
      "Create one with create_subshell_request.",
    traceback: [],
  };
}
