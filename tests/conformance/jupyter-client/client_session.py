"""One session through jupyter_client, as Jupyter's own programs hold it. Prints what came as one JSON object."""

import json
import sys
import time

from jupyter_client.manager import KernelManager


def run(client, manager, code, interrupt_after=None):
    """Runs one cell, interrupted after its first output when asked; gives outcome and output."""
    message_id = client.execute(code)
    text = ""
    results = []
    while True:
        message = client.get_iopub_msg(timeout=20)
        if message["parent_header"].get("msg_id") != message_id:
            continue
        kind, content = message["msg_type"], message["content"]
        if kind == "stream":
            text += content["text"]
            if interrupt_after and interrupt_after in text:
                interrupt_after = None
                manager.interrupt_kernel()
        elif kind == "execute_result":
            results.append(content["data"]["text/plain"])
        elif kind == "error":
            results.append(content["ename"])
        elif kind == "status" and content["execution_state"] == "idle":
            break
    # On a slow machine, replies to what wait_for_ready asked more than once still come in.
    reply = client.get_shell_msg(timeout=20)
    while reply["parent_header"].get("msg_id") != message_id:
        reply = client.get_shell_msg(timeout=20)
    return {"status": reply["content"]["status"], "text": text, "results": results}


def main():
    manager = KernelManager(kernel_name="gradlab")
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=20)
    seen = {}
    seen["value"] = run(client, manager, "const kept = 41; kept + 1")
    seen["loop"] = run(client, manager, "console.log('on'); while (true) {}", "on")
    seen["wait"] = run(client, manager, "console.log('on'); await new Promise(() => {})", "on")
    seen["kept"] = run(client, manager, "kept")
    manager.restart_kernel(now=False)
    client.wait_for_ready(timeout=20)
    seen["restarted"] = run(client, manager, "typeof kept")
    started = time.monotonic()
    manager.shutdown_kernel()
    seen["shutdownSeconds"] = time.monotonic() - started
    client.stop_channels()
    json.dump(seen, sys.stdout)


if __name__ == "__main__":
    main()
