// The event bus of Jupyter: what happened on the server, told to everyone who listens.
import { WebSocket } from "ws";
import { HttpError } from "../errors.ts";
import { isObject, readObject } from "../http/read-body.ts";
import { empty } from "../http/reply.ts";
import { api } from "../http/router.ts";
import type { Route } from "../http/router.ts";

const CONTENTS_SCHEMA = "https://events.jupyter.org/jupyter_server/contents_service/v1";

/** Listeners of one server. */
export class EventBus {
  readonly #listeners = new Set<WebSocket>();

  /** Serves one websocket until it closes. */
  subscribe(socket: WebSocket): void {
    this.#listeners.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => this.#listeners.delete(socket));
  }

  /** Tells that a file was read, saved, renamed or deleted. */
  reportContents(action: string, path: string, oldPath?: string): void {
    this.publish(CONTENTS_SCHEMA, "1", {
      action,
      path,
      ...(oldPath === undefined ? {} : { source_path: oldPath }),
    });
  }

  /** Sends one event to all listeners. */
  publish(schemaId: string, version: string, data: Readonly<Record<string, unknown>>): void {
    const event = {
      schema_id: schemaId,
      schema_version: version,
      metadata_version: 1,
      __timestamp__: new Date().toISOString(),
      ...data,
    };
    const text = JSON.stringify(event);
    for (const socket of this.#listeners) {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    }
  }

  /** The route by which clients tell events themselves. */
  routes(): readonly Route[] {
    return [
      api("POST", "/api/events", async ({ request }) => {
        const { schema_id: schema, version, data } = await readObject(request);
        if (typeof schema !== "string" || !isObject(data)) {
          throw new HttpError(
            400,
            "An event needs { schema_id, version, data }. Send all of them.",
          );
        }
        this.publish(schema, typeof version === "string" ? version : "1", data);
        return empty(204);
      }),
    ];
  }
}
