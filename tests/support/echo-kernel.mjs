// A kernel for tests of the server: it speaks the real protocol, and does what its one-word cells say.
import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { Publisher, Reply, Router } from "zeromq";
import { endpointOf, parseConnectionFile } from "../../dist/kernel/protocol/connection-file.js";
import { decodeFrames, encodeMessage } from "../../dist/kernel/protocol/frames.js";
import { createMessage } from "../../dist/kernel/protocol/message.js";
import { Signer } from "../../dist/kernel/protocol/signature.js";

const [connectionFile, flag, flagFile] = process.argv.slice(2);

// As when another program has taken a port between its choice and its use.
if (flag === "--fail-always" || (flag === "--fail-once" && !existsSync(flagFile))) {
  if (flagFile) writeFileSync(flagFile, "");
  console.error("the address is already in use");
  process.exit(1);
}

const connection = parseConnectionFile(readFileSync(connectionFile, "utf8"));
const signer = new Signer(connection.key);
const session = "echo";
const sockets = {
  shell: new Router({ sendHighWaterMark: 0 }),
  control: new Router({ sendHighWaterMark: 0 }),
  stdin: new Router({ sendHighWaterMark: 0 }),
  iopub: new Publisher({ sendHighWaterMark: 0 }),
  hb: new Reply(),
};
const tails = new Map();
const inputs = [];
let stop;
let count = 0;

const send = (name, parts) => {
  const frames = encodeMessage(createMessage({ session, ...parts }), signer);
  const next = (tails.get(name) ?? Promise.resolve()).then(() => sockets[name].send(frames));
  tails.set(name, next);
  return next;
};
const publish = (request, type, content, buffers = []) =>
  send("iopub", { type, content, parent: request.header, buffers });
const print = (request, text) => publish(request, "stream", { name: "stdout", text });
const answer = (name, request, type, content) =>
  send(name, { type, content, parent: request.header, identities: request.identities });

const untilExists = (path) =>
  new Promise((resolve) => {
    const timer = setInterval(() => {
      if (!existsSync(path)) return;
      clearInterval(timer);
      resolve();
    }, 5);
  });

const interrupted = () =>
  new Promise((_resolve, reject) => {
    stop = () => reject(new TypeError("KeyboardInterrupt"));
  });

const ask = async (request) => {
  const content = { prompt: "name?", password: false };
  // The answer may be here before the question counts as sent.
  const answered = new Promise((resolve) => inputs.push(resolve));
  await send("stdin", {
    type: "input_request",
    content,
    parent: request.header,
    identities: request.identities,
  });
  return answered;
};

const CELLS = {
  echo: (request, text) => print(request, text),
  big: (request, length) => print(request, "x".repeat(Number(length))),
  environment: (request) => print(request, JSON.stringify(process.env)),
  folder: (request) => print(request, process.cwd()),
  pid: (request) => print(request, String(process.pid)),
  child: (request) => {
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    return print(request, String(child.pid));
  },
  die: () => process.kill(process.pid, "SIGKILL"),
  deaf: (request) => {
    process.on("SIGTERM", () => undefined);
    HANDLERS.shutdown_request = () => undefined;
    return print(request, "deaf");
  },
  input: async (request) => print(request, await ask(request)),
  when: async (request, rest) => {
    const [path, ...text] = rest.split(" ");
    await untilExists(path);
    return print(request, text.join(" "));
  },
  loop: async (request) => {
    await print(request, "looping");
    await interrupted();
  },
};

const execute = async (request) => {
  const [word, ...rest] = request.content.code.split(" ");
  count += 1;
  try {
    await CELLS[word](request, rest.join(" "));
    const content = { status: "ok", execution_count: count, payload: [], user_expressions: {} };
    await answer("shell", request, "execute_reply", content);
  } catch (error) {
    const content = { ename: error.message, evalue: "", traceback: [] };
    await publish(request, "error", content);
    const reply = { status: "error", execution_count: count, ...content };
    await answer("shell", request, "execute_reply", reply);
  }
};

const KERNEL_INFO = {
  status: "ok",
  protocol_version: "5.3",
  implementation: "echo",
  implementation_version: "1.0",
  banner: "echo",
  language_info: { name: "echo", version: "1", mimetype: "text/plain", file_extension: ".txt" },
  help_links: [],
};

const HANDLERS = {
  kernel_info_request: (name, request) => answer(name, request, "kernel_info_reply", KERNEL_INFO),
  execute_request: (_name, request) => execute(request),
  comm_open: (_name, request) =>
    publish(
      request,
      "comm_msg",
      { comm_id: request.content.comm_id, data: request.content.data },
      request.buffers,
    ),
  interrupt_request: (name, request) => {
    stop?.();
    return answer(name, request, "interrupt_reply", { status: "ok" });
  },
  shutdown_request: async (name, request) => {
    await answer(name, request, "shutdown_reply", { status: "ok", ...request.content });
    setTimeout(() => process.exit(0), 10);
  },
};

const serve = async (name) => {
  for await (const frames of sockets[name]) {
    const request = decodeFrames(frames, signer);
    await publish(request, "status", { execution_state: "busy" });
    const handler = HANDLERS[request.header.msg_type];
    void Promise.resolve(handler?.(name, request)).then(() =>
      publish(request, "status", { execution_state: "idle" }),
    );
  }
};

// A test that is killed must not leave its kernels behind.
setInterval(() => {
  try {
    process.kill(Number(process.env.JPY_PARENT_PID), 0);
  } catch {
    process.exit(1);
  }
}, 500);

process.on("SIGINT", () => stop?.());
for (const [name, socket] of Object.entries(sockets))
  await socket.bind(endpointOf(connection, name));
void serve("shell");
void serve("control");
void (async () => {
  for await (const frames of sockets.stdin) {
    inputs.shift()?.(decodeFrames(frames, signer).content.value);
  }
})();
void (async () => {
  for await (const frames of sockets.hb) await sockets.hb.send(frames);
})();
