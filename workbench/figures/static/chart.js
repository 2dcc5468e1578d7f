// A Plotly figure that is updated in place; gr.Plot would build a new one, with a flicker, at every change.
//
//   const chart = createChart(element, host);   chart.set(figure);   chart.dispose();

export function createChart(element, host) {
  element.classList.add("hmr-chart");
  let Plotly = null;
  const resize = new ResizeObserver(() => element.clientWidth && element.data && Plotly.Plots.resize(element));
  resize.observe(element);

  async function set(figure) {
    element.hidden = !figure;
    if (!figure) return;
    Plotly = await host.plotly();
    const color = getComputedStyle(element).color; // follows the page's light or dark theme
    const layout = { ...figure.layout, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", font: { color } };
    await Plotly.react(element, figure.data, layout, { displayModeBar: false });
    element.dataset.drawn = Number(element.dataset.drawn || 0) + 1;
  }

  function dispose() {
    resize.disconnect();
    if (element.data) Plotly.purge(element);
  }

  return { set, dispose };
}
