// Output on its way to everybody: the same for cells and for code that handles a message of a front end.
import type { CommPacket } from "../comms/comm-packet.ts";
import type { HostMessage } from "../execute/runtime-messages.ts";
import type { CellOutput } from "../execute/cell-listener.ts";
import type { Header } from "../protocol/message.ts";
import type { Publisher } from "../transport/publisher.ts";

/** The answer to a question of `cell` when nobody can be asked. */
export function inputRefused(cell: number): Extract<HostMessage, { type: "input-refused" }> {
  return {
    type: "input-refused",
    cell,
    message:
      "prompt and password need a front end that takes input; the one that sent this cell does not. " +
      "Run the cell in JupyterLab, or give the value in the code.",
  };
}

/** Output that does not need to know which cell it is of. */
export type PublishedOutput = Exclude<CellOutput, { type: "result" | "input-request" }>;

/** Publishes output of code that the request with the header `parent` has started. */
export function publishOutput(output: PublishedOutput, parent: Header, publisher: Publisher): void {
  switch (output.type) {
    case "text":
      publisher.text(output.name, output.text, parent);
      return;
    case "display": {
      const { bundle: data, metadata, displayId, isUpdate } = output;
      const type = isUpdate ? "update_display_data" : "display_data";
      publisher.send(type, { data, metadata, transient: { display_id: displayId } }, parent);
      return;
    }
    case "clear":
      publisher.send("clear_output", { wait: output.wait }, parent);
      return;
    case "comm":
      publishComm(output.packet, parent, publisher);
      return;
    case "error":
      publisher.send("error", output.report, parent);
  }
}

/** Publishes a message of a comm. */
export function publishComm(packet: CommPacket, parent: Header, publisher: Publisher): void {
  const { action, id, target, data, metadata, buffers } = packet;
  const content = { comm_id: id, data, ...(action === "open" && { target_name: target }) };
  const type = ({ open: "comm_open", message: "comm_msg", close: "comm_close" } as const)[action];
  publisher.send(type, content, parent, { metadata, buffers });
}
