"""Comms with jupyter_client: opened by both sides, echoed with bytes, listed, refused. Prints what was seen as JSON."""
import json
import sys

from jupyter_client.manager import start_new_kernel

LIMIT = 30


def main():
    manager, client = start_new_kernel(kernel_name="gradlab")
    try:
        print(json.dumps(session(client)))
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def session(client):
    def caused_by(msg_id):
        messages = []
        while True:
            message = client.get_iopub_msg(timeout=LIMIT)
            if message["parent_header"].get("msg_id") != msg_id:
                continue
            if message["msg_type"] == "status":
                if message["content"]["execution_state"] == "idle":
                    return messages
                continue
            messages.append(message)

    def tell(msg_type, content, buffers=()):
        sent = client.session.send(client.shell_channel.socket, msg_type, content, buffers=list(buffers))
        return caused_by(sent["header"]["msg_id"])

    def summary(messages):
        return [
            dict(type=m["msg_type"], content=m["content"], bytes=[bytes(b).hex() for b in m["buffers"]])
            for m in messages
            if m["msg_type"].startswith("comm_")
        ]

    cell = caused_by(
        client.execute(
            'import { comms } from "gradlab/kernel";\n'
            'comms.register("echo", (comm) => { comm.onMessage(({ data, buffers }) => comm.send(data as object, { buffers })); });\n'
            'comms.open("mine", { a: 1 }).send({}, { buffers: [new Uint8Array([7, 8])] });'
        )
    )
    seen = dict(cell=summary(cell))
    seen["open"] = summary(tell("comm_open", dict(comm_id="x", target_name="echo", data={})))
    seen["echo"] = summary(tell("comm_msg", dict(comm_id="x", data=dict(n=1)), [b"\x01\xff"]))
    asked = client.comm_info("echo")
    reply = client.get_shell_msg(timeout=LIMIT)
    while reply["parent_header"]["msg_id"] != asked:
        reply = client.get_shell_msg(timeout=LIMIT)
    seen["info"] = reply["content"]["comms"]
    seen["close"] = summary(tell("comm_close", dict(comm_id="x", data={})))
    seen["unknown"] = summary(tell("comm_open", dict(comm_id="y", target_name="nobody", data={})))
    return seen


if __name__ == "__main__":
    sys.exit(main())
