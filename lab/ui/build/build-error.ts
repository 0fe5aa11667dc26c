// The error of a page that could not be built.

/** The page could not be built; the message says which module and why. */
export class BuildError extends Error {
  override readonly name = "BuildError";
  readonly code = "GRADLAB_PAGE_BUILD";

  /** @param detail - what the bundler said */
  constructor(detail: string, options?: ErrorOptions) {
    super(
      `The JupyterLab page must compile from the locked packages, but the bundler says:\n${detail}\n` +
        "Run npm ci again in gradlab's folder; if it stays, the sources under lab/ui are at fault.",
      options,
    );
  }
}
