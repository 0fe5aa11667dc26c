// Sessions: which notebook or console talks to which kernel.
import { randomUUID } from "node:crypto";
import type { Root } from "../contents/root.ts";
import { HttpError } from "../errors.ts";
import { isObject } from "../http/read-body.ts";
import type { Kernel, KernelModel } from "../kernels/kernel.ts";
import type { KernelManager } from "../kernels/kernel-manager.ts";
import { workingFolder } from "../kernels/working-folder.ts";

/** A session as clients of the REST API see it. */
export interface SessionModel {
  readonly id: string;
  readonly path: string;
  readonly name: string;
  readonly type: string;
  readonly kernel: KernelModel;
  /** Repeats path and name for notebooks, as older clients expect. */
  readonly notebook?: { readonly path: string; readonly name: string };
}

interface Session {
  readonly id: string;
  path: string;
  name: string;
  type: string;
  kernel: Kernel;
}

/** The sessions of one server. */
export class SessionManager {
  readonly #kernels: KernelManager;
  readonly #root: Root;
  readonly #sessions = new Map<string, Session>();
  /** Sessions that are being made, by path: two requests for one notebook share one kernel. */
  readonly #starting = new Map<string, Promise<Session>>();

  constructor(kernels: KernelManager, root: Root) {
    this.#kernels = kernels;
    this.#root = root;
  }

  list(): readonly SessionModel[] {
    return this.#alive().map(describe);
  }

  /** @throws {HttpError} 404 when there is no such session */
  get(id: string): SessionModel {
    return describe(this.#find(id));
  }

  /**
   * Opens a session; one that exists for the path is given back.
   *
   * @param body - `{ path, type, name?, kernel?: { id?, name? } }`; the default kernel when none is named
   * @throws {HttpError} 400 for a body without path or type; 404 for an unknown kernel id
   */
  async open(body: Readonly<Record<string, unknown>>): Promise<SessionModel> {
    const { path, type, name } = body;
    const kernel = body["kernel"] ?? {};
    if (typeof path !== "string" || typeof type !== "string" || !isObject(kernel)) {
      throw new HttpError(
        400,
        "A session needs { path, type } as text, and may name { kernel: { name } } or { kernel: { id } }. Send them.",
      );
    }
    const present = this.#alive().find((session) => session.path === path);
    if (present !== undefined) return describe(present);
    const underway = this.#starting.get(path) ?? this.#create({ path, type, name, kernel });
    this.#starting.set(path, underway);
    try {
      return describe(await underway);
    } finally {
      this.#starting.delete(path);
    }
  }

  /**
   * Renames a session, or gives it another kernel. A kernel that no session uses any more is ended.
   *
   * @throws {HttpError} 404 when the session or the kernel is unknown
   */
  async change(id: string, body: Readonly<Record<string, unknown>>): Promise<SessionModel> {
    const session = this.#find(id);
    const { path, name, type, kernel } = body;
    if (typeof path === "string") session.path = path;
    if (typeof name === "string") session.name = name;
    if (typeof type === "string") session.type = type;
    if (isObject(kernel)) {
      const before = session.kernel;
      session.kernel = await this.#obtain(kernel, session.path);
      if (before !== session.kernel) await this.#release(before);
    }
    return describe(session);
  }

  /** Ends a session, and its kernel when no other session uses it. @throws {HttpError} 404 */
  async remove(id: string): Promise<void> {
    const session = this.#find(id);
    this.#sessions.delete(id);
    await this.#release(session.kernel);
  }

  /** Lets sessions follow a renamed file, or everything in a renamed folder. */
  followRename(oldPath: string, newPath: string): void {
    for (const session of this.#sessions.values()) {
      if (session.path === oldPath) session.path = newPath;
      else if (session.path.startsWith(`${oldPath}/`)) {
        session.path = newPath + session.path.slice(oldPath.length);
      }
    }
  }

  async #create(wanted: {
    path: string;
    type: string;
    name: unknown;
    kernel: Readonly<Record<string, unknown>>;
  }): Promise<Session> {
    const { path, type, name } = wanted;
    const kernel = await this.#obtain(wanted.kernel, path);
    const session: Session = {
      id: randomUUID(),
      path,
      type,
      name: typeof name === "string" ? name : "",
      kernel,
    };
    this.#sessions.set(session.id, session);
    return session;
  }

  async #obtain(wanted: Readonly<Record<string, unknown>>, path: string): Promise<Kernel> {
    const { id, name } = wanted;
    if (typeof id === "string") return this.#kernels.get(id);
    const folder = await workingFolder(this.#root, path);
    return this.#kernels.start(typeof name === "string" ? name : undefined, folder, path);
  }

  async #release(kernel: Kernel): Promise<void> {
    const isShared = [...this.#sessions.values()].some((session) => session.kernel === kernel);
    if (!isShared && this.#kernels.list().includes(kernel)) await this.#kernels.remove(kernel.id);
  }

  /** Sessions whose kernel was ended by its own route are over. */
  #alive(): readonly Session[] {
    const running = new Set(this.#kernels.list());
    for (const [id, session] of this.#sessions) {
      if (!running.has(session.kernel)) this.#sessions.delete(id);
    }
    return [...this.#sessions.values()];
  }

  #find(id: string): Session {
    const session = this.#alive().find((each) => each.id === id);
    if (session !== undefined) return session;
    throw new HttpError(404, `Session not found: ${id}. It has ended; open a new one.`);
  }
}

function describe(session: Session): SessionModel {
  const { id, path, name, type } = session;
  const base = { id, path, name, type, kernel: session.kernel.describe() };
  return type === "notebook" ? { ...base, notebook: { path, name } } : base;
}
