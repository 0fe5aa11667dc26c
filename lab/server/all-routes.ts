// The whole table of routes of a server.
import type { Guard } from "./auth/guard.ts";
import { loginRoutes } from "./auth/login-routes.ts";
import { contentsRoutes } from "./contents/routes.ts";
import type { Root } from "./contents/root.ts";
import { TrustStore } from "./contents/trust.ts";
import type { Route } from "./http/router.ts";
import type { KernelManager } from "./kernels/kernel-manager.ts";
import { kernelRoutes } from "./kernels/routes.ts";
import { configRoutes } from "./pages/config-sections.ts";
import { labRoutes } from "./pages/lab-routes.ts";
import { settingsRoutes, SettingsStore } from "./pages/settings.ts";
import { workspaceRoutes, WorkspaceStore } from "./pages/workspaces.ts";
import { serverRoutes } from "./server-routes.ts";
import { sessionRoutes } from "./sessions/routes.ts";
import { SessionManager } from "./sessions/session-manager.ts";
import type { StateFolders } from "./state-folder.ts";
import type { EventBus } from "./websocket/events.ts";

/** The parts of a server that its routes use. */
export interface RouteServices {
  readonly root: Root;
  readonly guard: Guard;
  readonly kernels: KernelManager;
  readonly events: EventBus;
  readonly state: StateFolders;
  /** Tells this server from others on the same machine. */
  readonly instance: string;
  readonly pageFolder: string;
  readonly disabledExtensions: readonly string[];
  readonly onShutdown: () => void;
}

/** All routes; exact patterns stand before wildcards. */
export function allRoutes(services: RouteServices): readonly Route[] {
  const { root, guard, kernels, events, state, pageFolder } = services;
  const sessions = new SessionManager(kernels, root);
  return [
    ...serverRoutes(services),
    ...kernelRoutes(kernels, root),
    ...sessionRoutes(sessions),
    ...contentsRoutes(root, new TrustStore(state.trust), (action, path, oldPath) => {
      if (action === "rename" && oldPath !== undefined) sessions.followRename(oldPath, path);
      events.reportContents(action, path, oldPath);
    }),
    ...events.routes(),
    ...loginRoutes(guard),
    ...configRoutes(state.config),
    ...settingsRoutes(new SettingsStore(pageFolder, state.settings)),
    ...workspaceRoutes(new WorkspaceStore(state.workspaces)),
    ...labRoutes({ ...services, root: root.folder }),
  ];
}
