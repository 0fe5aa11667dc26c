// What the Jupyter protocol demands of every message that a kernel sends, checked on each one that a test receives.
import type { Message } from "../../kernel/protocol/message.ts";

type Kind = "text" | "number" | "boolean" | "object" | "list" | "anything";
type Fields = Readonly<Record<string, Kind>>;

interface MessageRule {
  readonly channel: "shell" | "control" | "iopub" | "stdin";
  readonly fields: Fields;
  /** A reply: says `status`, and the fields hold only when that is `ok`. */
  readonly isReply?: boolean;
  /** A message that no request caused. */
  readonly isOrphan?: boolean;
}

const reply = (fields: Fields, channel: "shell" | "control" = "shell"): MessageRule => ({
  channel,
  fields,
  isReply: true,
});
const published = (fields: Fields): MessageRule => ({ channel: "iopub", fields });

const BUNDLE: Fields = { data: "object", metadata: "object" };
const ERROR: Fields = { ename: "text", evalue: "text", traceback: "list" };

const RULES: Readonly<Record<string, MessageRule>> = {
  kernel_info_reply: reply({
    protocol_version: "text",
    implementation: "text",
    implementation_version: "text",
    language_info: "object",
    banner: "text",
    help_links: "list",
    supported_features: "list",
  }),
  execute_reply: reply({ execution_count: "number", user_expressions: "object", payload: "list" }),
  is_complete_reply: { channel: "shell", fields: { status: "text" } },
  complete_reply: reply({
    matches: "list",
    cursor_start: "number",
    cursor_end: "number",
    metadata: "object",
  }),
  inspect_reply: reply({ found: "boolean", ...BUNDLE }),
  history_reply: reply({ history: "list" }),
  connect_reply: reply({ shell_port: "number" }),
  usage_reply: reply({ pid: "number", kernel_memory: "number" }, "control"),
  comm_info_reply: reply({ comms: "object" }),
  interrupt_reply: reply({}, "control"),
  shutdown_reply: reply({ restart: "boolean" }, "control"),
  create_subshell_reply: reply({ subshell_id: "text" }, "control"),
  delete_subshell_reply: reply({}, "control"),
  list_subshell_reply: reply({ subshell_id: "list" }, "control"),
  debug_reply: {
    channel: "control",
    fields: { type: "text", seq: "number", request_seq: "number", success: "boolean" },
  },
  input_request: { channel: "stdin", fields: { prompt: "text", password: "boolean" } },
  status: published({ execution_state: "text" }),
  execute_input: published({ code: "text", execution_count: "number" }),
  execute_result: published({ ...BUNDLE, execution_count: "number" }),
  display_data: published({ ...BUNDLE, transient: "object" }),
  update_display_data: published({ ...BUNDLE, transient: "object" }),
  clear_output: published({ wait: "boolean" }),
  stream: published({ name: "text", text: "text" }),
  error: published(ERROR),
  comm_open: published({ comm_id: "text", target_name: "text", data: "object" }),
  comm_msg: published({ comm_id: "text", data: "object" }),
  comm_close: published({ comm_id: "text", data: "object" }),
  debug_event: published({ type: "text", seq: "number", event: "text", body: "object" }),
  iopub_welcome: { ...published({ subscription: "text" }), isOrphan: true },
};

/** What is wrong with a message; empty when nothing is. */
export function problemsOf(message: Message, channel: string): string[] {
  const { header, content, parentHeader } = message;
  const rule = RULES[header.msg_type];
  if (!rule) return [`unknown message type ${header.msg_type}`];
  const problems = [
    ...checkChannel(message, rule, channel),
    ...checkFields(header as unknown as Record<string, unknown>, HEADER),
    ...checkContent(content, rule),
  ];
  if (header.version !== "5.5") problems.push(`version is ${header.version}`);
  if (Number.isNaN(Date.parse(header.date))) problems.push(`date is ${header.date}`);
  const isStarting = content["execution_state"] === "starting";
  const hasParent = "msg_id" in parentHeader;
  if (hasParent === (rule.isOrphan === true || isStarting)) problems.push("wrong parent header");
  return problems.map((problem) => `${header.msg_type}: ${problem}`);
}

const HEADER: Fields = {
  msg_id: "text",
  msg_type: "text",
  session: "text",
  username: "text",
  date: "text",
  version: "text",
};

function checkChannel(message: Message, rule: MessageRule, channel: string): string[] {
  if (channel === rule.channel) return [];
  // Clients may ask for these on either of two channels; a shutdown is told to everybody.
  const also: Readonly<Record<string, readonly string[]>> = {
    kernel_info_reply: ["control"],
    shutdown_reply: ["iopub", "shell"],
  };
  return also[message.header.msg_type]?.includes(channel) ? [] : [`came on ${channel}`];
}

function checkContent(content: Record<string, unknown>, rule: MessageRule): string[] {
  if (!rule.isReply) return checkFields(content, rule.fields);
  if (content["status"] === "error") return checkFields(content, ERROR);
  if (content["status"] === "aborted") return [];
  if (content["status"] !== "ok") return [`status is ${JSON.stringify(content["status"])}`];
  return checkFields(content, rule.fields);
}

function checkFields(content: Record<string, unknown>, fields: Fields): string[] {
  return Object.entries(fields)
    .filter(([name, kind]) => !isOfKind(content[name], kind))
    .map(([name, kind]) => `${name} must be ${kind}, is ${JSON.stringify(content[name])}`);
}

function isOfKind(value: unknown, kind: Kind): boolean {
  switch (kind) {
    case "text":
      return typeof value === "string";
    case "list":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "anything":
      return value !== undefined;
    default:
      return typeof value === kind;
  }
}
