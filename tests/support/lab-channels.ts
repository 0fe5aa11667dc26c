// A bare websocket to a kernel, for what the friendly client never does: odd bytes, sudden ends, a session of choice.
import { randomUUID } from "node:crypto";
import { WebSocket } from "ws";
import { decodeLegacy, encodeLegacy } from "../../lab/server/websocket/legacy-frames.ts";
import { decodeV1, encodeV1, V1_PROTOCOL } from "../../lab/server/websocket/v1-frames.ts";
import type { RunningServer } from "../../lab/server/start-server.ts";

/** A message as it came, with its JSON parts read. */
export interface ChannelReading {
  channel: string;
  type: string;
  parentId: unknown;
  content: Record<string, unknown>;
}

/** A websocket to a kernel. */
export class TestChannels {
  readonly socket: WebSocket;
  readonly readings: ChannelReading[] = [];
  readonly #isV1: boolean;
  #wakers: (() => void)[] = [];

  constructor(socket: WebSocket, isV1: boolean) {
    this.socket = socket;
    this.#isV1 = isV1;
    socket.on("message", (data, isBinary) => {
      const bytes = data as Buffer;
      const message = this.#isV1 ? decodeV1(bytes) : decodeLegacy(bytes, isBinary);
      const [header, parent, , content] = message.parts
        .slice(0, 4)
        .map((part) => JSON.parse(Buffer.from(part).toString("utf8")) as Record<string, unknown>);
      this.readings.push({
        channel: message.channel,
        type: String(header?.["msg_type"]),
        parentId: parent?.["msg_id"],
        content: content ?? {},
      });
      for (const wake of this.#wakers.splice(0)) wake();
    });
  }

  /** Sends a request on the shell channel and returns its id. */
  request(type: string, content: object): string {
    const id = randomUUID();
    const header = {
      msg_id: id,
      msg_type: type,
      session: "s",
      username: "",
      date: "",
      version: "5.3",
    };
    const parts = [header, {}, {}, content].map((part) => Buffer.from(JSON.stringify(part)));
    const encode = this.#isV1 ? encodeV1 : encodeLegacy;
    this.socket.send(encode("shell", parts));
    return id;
  }

  /** Resolves with the first message, old or new, that fits. */
  async until(fits: (reading: ChannelReading) => boolean): Promise<ChannelReading> {
    for (;;) {
      const found = this.readings.find(fits);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#wakers.push(resolve));
    }
  }

  untilStatus(state: string): Promise<ChannelReading> {
    return this.until(
      ({ type, content }) => type === "status" && content["execution_state"] === state,
    );
  }

  /** Cuts the connection as a broken network does, and waits until the server has seen it. */
  async cut(server: RunningServer, kernelId: string): Promise<void> {
    this.socket.terminate();
    for (;;) {
      const answer = await fetch(`${server.url}api/kernels/${kernelId}`, {
        headers: { authorization: `token ${server.token}` },
      });
      const { connections } = (await answer.json()) as { connections: number };
      if (connections === 0) return;
    }
  }
}

/** Connects to a kernel. */
export async function openChannels(
  server: RunningServer,
  kernelId: string,
  options: { sessionId?: string; protocol?: "v1" | "legacy" } = {},
): Promise<TestChannels> {
  const { sessionId = randomUUID(), protocol = "v1" } = options;
  const address = `${server.url.replace(/^http/, "ws")}api/kernels/${kernelId}/channels`;
  const socket = new WebSocket(
    `${address}?session_id=${sessionId}&token=${server.token}`,
    protocol === "v1" ? [V1_PROTOCOL] : [],
  );
  const channels = new TestChannels(socket, protocol === "v1");
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  return channels;
}
