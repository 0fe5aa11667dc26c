// A kernel must not outlive the program that started it.

const CHECK_MS = 500;

/**
 * Calls `onGone` when the parent process has ended.
 *
 * @param parentId - what Jupyter says in `JPY_PARENT_PID`; without it nothing is watched
 */
export function watchParent(parentId: string | undefined, onGone: () => void): void {
  const id = Number(parentId);
  // On Windows the variable holds a handle, not a process id.
  if (!(id > 1) || process.platform === "win32") return;
  const timer = setInterval(() => {
    if (isAlive(id)) return;
    clearInterval(timer);
    onGone();
  }, CHECK_MS);
  timer.unref();
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
