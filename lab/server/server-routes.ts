// What the server says about itself, and the small APIs that clients expect.
import { HttpError } from "./errors.ts";
import { json } from "./http/reply.ts";
import { api } from "./http/router.ts";
import type { Route } from "./http/router.ts";
import type { KernelManager } from "./kernels/kernel-manager.ts";

/** The version of Jupyter Server whose API this is. */
const API_VERSION = "2.14.0";
const ANSWER_MS = 50;

/** The routes of `/api`, `/api/status`, `/api/me` and of features that are not offered. */
export function serverRoutes(options: {
  kernels: KernelManager;
  /** Tells this server from others on the same machine. */
  instance: string;
  onShutdown: () => void;
}): readonly Route[] {
  const { kernels, instance, onShutdown } = options;
  const started = new Date().toISOString();
  return [
    {
      method: "GET",
      pattern: "/api",
      audience: "public",
      handle: () => json(200, { version: API_VERSION }, { "X-Gradlab-Instance": instance }),
    },
    api("GET", "/api/status", () => {
      const models = kernels.list().map((kernel) => kernel.describe());
      const times = [started, ...models.map((model) => model.last_activity)].sort();
      return json(200, {
        started,
        last_activity: times.at(-1),
        kernels: models.length,
        connections: models.reduce((total, model) => total + model.connections, 0),
      });
    }),
    api("GET", "/api/me", ({ url }) =>
      json(200, { identity: IDENTITY, permissions: readPermissions(url) }),
    ),
    api("GET", "/api/nbconvert", () => json(200, {})),
    api("GET", "/api/terminals", () => json(200, [])),
    api("POST", "/api/shutdown", () => {
      // The answer is sent first: closing cuts its connection.
      setTimeout(onShutdown, ANSWER_MS);
      return json(200, { message: "The server shuts down." });
    }),
  ];
}

/** There is one user: who has the token. */
const IDENTITY = {
  username: "learner",
  name: "Learner",
  display_name: "Learner",
  initials: "L",
  avatar_url: null,
  color: null,
} as const;

function readPermissions(url: URL): unknown {
  const asked = url.searchParams.get("permissions");
  if (asked === null) return {};
  try {
    return JSON.parse(asked);
  } catch (error) {
    throw new HttpError(400, "permissions must be a JSON object. Send one.", { cause: error });
  }
}
