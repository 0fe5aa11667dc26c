// Takes a figure's colours of text, axes and grid from JupyterLab's theme.

type Layout = Readonly<Record<string, unknown>>;

/** The layout with the theme's colours where the figure does not name its own. */
export function themedLayout(layout: Layout): Layout {
  const text = cssVariable("--jp-content-font-color1", "#333");
  const faint = cssVariable("--jp-border-color2", "#ddd");
  const axes = Object.fromEntries(
    Object.keys({ xaxis: 0, yaxis: 0, ...layout })
      .filter((key) => /^[xy]axis\d*$/.test(key))
      .map((key) => [
        key,
        {
          gridcolor: faint,
          zerolinecolor: faint,
          linecolor: faint,
          ...(layout[key] as object | undefined),
        },
      ]),
  );
  return {
    height: 380,
    autosize: true,
    paper_bgcolor: "transparent",
    plot_bgcolor: "transparent",
    ...layout,
    ...axes,
    font: {
      color: text,
      family: cssVariable("--jp-ui-font-family", "sans-serif"),
      ...(layout["font"] as object | undefined),
    },
  };
}

/** Calls back when JupyterLab switches between light and dark; returns what ends the listening. */
export function onThemeChange(callback: () => void): () => void {
  const observer = new MutationObserver(callback);
  observer.observe(document.body, {
    attributes: true,
    attributeFilter: ["data-jp-theme-light", "data-jp-theme-name"],
  });
  return () => observer.disconnect();
}

function cssVariable(name: string, otherwise: string): string {
  return getComputedStyle(document.body).getPropertyValue(name).trim() || otherwise;
}
