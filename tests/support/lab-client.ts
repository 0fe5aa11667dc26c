// The client that JupyterLab itself uses, connected to a server under test.
import {
  ContentsManager,
  KernelManager,
  KernelSpecManager,
  ServerConnection,
  SessionManager,
} from "@jupyterlab/services";
import type { Kernel, KernelMessage, Session } from "@jupyterlab/services";
import type { RunningServer } from "../../lab/server/start-server.ts";

/** The managers of `@jupyterlab/services` on one server. */
export class LabClient {
  readonly settings: ServerConnection.ISettings;
  readonly kernels: KernelManager;
  readonly sessions: SessionManager;
  readonly specs: KernelSpecManager;
  readonly contents: ContentsManager;

  constructor(server: RunningServer) {
    this.settings = ServerConnection.makeSettings({
      baseUrl: server.url,
      wsUrl: server.url.replace(/^http/, "ws"),
      token: server.token,
    });
    const serverSettings = this.settings;
    this.kernels = new KernelManager({ serverSettings });
    this.sessions = new SessionManager({ serverSettings, kernelManager: this.kernels });
    this.specs = new KernelSpecManager({ serverSettings });
    this.contents = new ContentsManager({ serverSettings });
  }

  /** Opens a notebook's session and waits until its kernel answers. */
  async open(path: string, kernel = "echo"): Promise<Session.ISessionConnection> {
    const session = await this.sessions.startNew({
      name: path,
      path,
      type: "notebook",
      kernel: { name: kernel },
    });
    await kernelOf(session).info;
    return session;
  }

  dispose(): void {
    for (const part of [this.sessions, this.kernels, this.specs, this.contents]) part.dispose();
  }
}

/** The kernel of a session that has one. */
export function kernelOf(session: Session.ISessionConnection): Kernel.IKernelConnection {
  if (session.kernel === null) throw new TypeError("the session has no kernel");
  return session.kernel;
}

/** What a cell did. */
export interface CellOutcome {
  status: string;
  text: string;
  messages: KernelMessage.IIOPubMessage[];
}

/** Runs a cell to its end; `reply` answers when it asks for input. */
export async function runCell(
  kernel: Kernel.IKernelConnection,
  code: string,
  reply?: string,
): Promise<CellOutcome> {
  const future = kernel.requestExecute({ code, allow_stdin: true });
  const outcome: CellOutcome = { status: "", text: "", messages: [] };
  future.onIOPub = (message) => {
    outcome.messages.push(message);
    if ("text" in message.content) outcome.text += String(message.content.text);
  };
  future.onStdin = (message) => {
    if (message.header.msg_type !== "input_request" || reply === undefined) return;
    const parent = message.header as KernelMessage.IInputRequestMsg["header"];
    kernel.sendInputReply({ value: reply, status: "ok" }, parent);
  };
  outcome.status = (await future.done).content.status;
  return outcome;
}

/** Resolves when a kernel is in a state, or at once when it is. */
export function untilStatus(kernel: Kernel.IKernelConnection, wanted: string): Promise<void> {
  if (kernel.status === wanted) return Promise.resolve();
  return new Promise((resolve) => {
    const listen = (_sender: unknown, status: string): void => {
      if (status !== wanted) return;
      kernel.statusChanged.disconnect(listen);
      resolve();
    };
    kernel.statusChanged.connect(listen);
  });
}

/** Resolves with the text of the first stream message that a kernel publishes from now on. */
export function firstText(kernel: Kernel.IKernelConnection): Promise<string> {
  return new Promise((resolve) => {
    const listen = (_sender: unknown, message: KernelMessage.IIOPubMessage): void => {
      if (!("text" in message.content)) return;
      kernel.iopubMessage.disconnect(listen);
      resolve(String(message.content.text));
    };
    kernel.iopubMessage.connect(listen);
  });
}
