// Draws `application/vnd.plotly.v1+json` with plotly.js, which is loaded at the first figure.
// Redraws on update, follows JupyterLab's theme, resizes with its cell, stacks panels where that is narrow, and accepts a
// payload that is a JSON string.
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { Widget } from "@lumino/widgets";
import { readFigure, type PlotlyFigure } from "./plotly-figure.ts";
import { stackedLayout } from "./plotly-panels.ts";
import { onThemeChange, themedLayout } from "./plotly-theme.ts";

/** The kind of output that this renderer draws. */
export const PLOTLY_MIME = "application/vnd.plotly.v1+json";

interface Plotly {
  react(node: HTMLElement, data: unknown[], layout: object, config: object): Promise<void>;
  addFrames(node: HTMLElement, frames: unknown[]): Promise<void>;
  deleteFrames(node: HTMLElement): Promise<void>;
  purge(node: HTMLElement): void;
  Plots: { resize(node: HTMLElement): void };
}

/** Labels of a figure overlap when it is narrower than so many pixels: panels stand below one another, or the cell scrolls. */
const LEAST_WIDTH = 560;
/** The same for one of several panels. */
const LEAST_PANEL_WIDTH = 320;

let loading: Promise<Plotly> | undefined;

async function loadPlotly(): Promise<Plotly> {
  loading ??= import("plotly.js-dist-min").then((module: { default: Plotly }) => module.default);
  return loading;
}

class PlotlyOutput extends Widget implements IRenderMime.IRenderer {
  readonly #graph: HTMLElement = document.createElement("div");
  #figure: PlotlyFigure | undefined;
  #drawn: Plotly | undefined;
  #wasNarrow = false;
  // Drawings follow one another: an update that arrives while plotly.js works waits for it.
  #queue: Promise<void> = Promise.resolve();
  readonly #stopListening: () => void;

  constructor() {
    super();
    this.addClass("jp-RenderedPlotly");
    this.node.style.cssText = "width: 100%; overflow-x: auto; overflow-y: hidden";
    this.#graph.style.cssText = "width: 100%";
    this.node.append(this.#graph);
    this.#stopListening = onThemeChange(() => void this.#draw());
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    this.#figure = readFigure(model.data[PLOTLY_MIME]);
    const alt = this.#figure.alt ?? "Figure";
    this.node.setAttribute("role", "img");
    this.node.setAttribute("aria-label", alt);
    await this.#draw();
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.#stopListening();
    this.#drawn?.purge(this.#graph);
    super.dispose();
  }

  protected override onResize(): void {
    if (!this.isVisible || !this.node.isConnected || this.#drawn === undefined) return;
    if (this.#isNarrow === this.#wasNarrow) this.#drawn.Plots.resize(this.#graph);
    else void this.#draw();
  }

  get #isNarrow(): boolean {
    const { clientWidth } = this.node;
    return clientWidth > 0 && clientWidth < LEAST_WIDTH;
  }

  protected override onAfterShow(): void {
    this.onResize();
  }

  async #draw(): Promise<void> {
    this.#queue = this.#queue.then(async () => {
      const plotly = await loadPlotly();
      const figure = this.#figure;
      if (this.isDisposed || figure === undefined) return;
      const config = { responsive: true, displaylogo: false, ...figure.config };
      if (this.#drawn && figure.frames.length > 0) await plotly.deleteFrames(this.#graph);
      this.#wasNarrow = this.#isNarrow;
      const stacked = this.#wasNarrow ? stackedLayout(figure) : undefined;
      this.#graph.style.minWidth = `${stacked ? LEAST_PANEL_WIDTH : LEAST_WIDTH}px`;
      await plotly.react(this.#graph, figure.data, themedLayout(stacked ?? figure.layout), config);
      if (figure.frames.length > 0) await plotly.addFrames(this.#graph, figure.frames);
      this.#drawn = plotly;
    });
    return this.#queue;
  }
}

/** The extension that JupyterLab registers. */
export const plotlyExtension: IRenderMime.IExtension = {
  id: "gradlab:plotly",
  description: "Draws Plotly figures.",
  rank: 0,
  dataType: "json",
  rendererFactory: {
    safe: true,
    mimeTypes: [PLOTLY_MIME],
    createRenderer: () => new PlotlyOutput(),
  },
};
