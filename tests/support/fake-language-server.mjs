// A language server that misbehaves, for tests: its first argument says how.
import process from "node:process";

const [manner = ""] = process.argv.slice(2);
let bytes = Buffer.alloc(0);
let diagnostics = 0;

const send = (message) => {
  const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
  process.stdout.write(`Content-Length: ${body.length}\r\n\r\n`);
  process.stdout.write(body);
};

const mistake = {
  range: { start: { line: 1, character: 0 }, end: { line: 1, character: 1 } },
  severity: 1,
  code: 2304,
  message: "Cannot find name 'x'.",
};

const answers = {
  initialize: (id) => send({ id, result: { capabilities: {} } }),
  "textDocument/diagnostic": (id) => {
    diagnostics++;
    if (diagnostics > 1 && manner === "hangs") return;
    if (diagnostics > 1 && manner === "dies") process.exit(1);
    if (diagnostics > 1 && manner === "slow") {
      setTimeout(() => send({ id, result: { items: [mistake] } }), 1200);
      return;
    }
    send({ id, result: { items: diagnostics > 1 ? [mistake] : [] } });
  },
  "test/slow": (id, { ms }) => setTimeout(() => send({ id, result: "late" }), ms),
  "test/refuse": (id) => send({ id, error: { code: -32603, message: "not today" } }),
  "test/die": () => {
    process.stderr.write("panic: out of luck");
    process.exit(2);
  },
  "test/garbage": () => process.stdout.write("this is no message\r\n\r\n"),
  "test/flood": (id) => {
    for (let count = 0; count < 5000; count++) {
      send({ method: "window/logMessage", params: { message: "x".repeat(100) } });
    }
    send({ id: 999_999, result: "nobody asked" });
    send({ id, result: "after the flood" });
  },
  "test/ask": (id) => {
    send({ id: "register", method: "client/registerCapability", params: {} });
    send({ id: "configure", method: "workspace/configuration", params: {} });
    answers.asked = [];
    answers.asker = id;
  },
};

function receive({ id, method, params, result, error }) {
  if (method === undefined) {
    answers.asked.push({ id, isFine: error === undefined, result });
    if (answers.asked.length === 2) send({ id: answers.asker, result: answers.asked });
    return;
  }
  if (method === "$/cancelRequest") send({ method: "test/cancelled", params });
  const answer = answers[method];
  if (answer) answer(id, params);
  else if (id !== undefined) send({ id, result: null });
}

process.stdin.on("data", (chunk) => {
  bytes = Buffer.concat([bytes, chunk]);
  for (;;) {
    const end = bytes.indexOf("\r\n\r\n");
    if (end < 0) return;
    const length = Number(/Content-Length: (\d+)/.exec(bytes.subarray(0, end).toString())[1]);
    if (bytes.length < end + 4 + length) return;
    const message = JSON.parse(bytes.subarray(end + 4, end + 4 + length).toString());
    bytes = bytes.subarray(end + 4 + length);
    receive(message);
  }
});
process.stdin.on("end", () => process.exit(0));
