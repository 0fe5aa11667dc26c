// The sessions API.
import { readObject } from "../http/read-body.ts";
import { empty, json } from "../http/reply.ts";
import { api } from "../http/router.ts";
import type { Route } from "../http/router.ts";
import type { SessionManager } from "./session-manager.ts";

/** The routes of `/api/sessions`. */
export function sessionRoutes(sessions: SessionManager): readonly Route[] {
  return [
    api("GET", "/api/sessions", () => json(200, sessions.list())),
    api("POST", "/api/sessions", async ({ request }) => {
      const session = await sessions.open(await readObject(request));
      return json(201, session, { Location: `/api/sessions/${session.id}` });
    }),
    api("GET", "/api/sessions/:id", ({ parameters }) =>
      json(200, sessions.get(parameters["id"] ?? "")),
    ),
    api("PATCH", "/api/sessions/:id", async ({ request, parameters }) =>
      json(200, await sessions.change(parameters["id"] ?? "", await readObject(request))),
    ),
    api("DELETE", "/api/sessions/:id", async ({ parameters }) => {
      await sessions.remove(parameters["id"] ?? "");
      return empty(204);
    }),
  ];
}
