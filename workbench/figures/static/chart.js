// A Plotly figure that is updated in place; gr.Plot would build a new one, with a flicker, at every change.
//
//   const chart = create(element, {plotly});   chart.set(figure);   chart.dispose();

export function create(element, host) {
  element.classList.add("hmr-chart");
  const resize = new ResizeObserver(() => element.clientWidth && element.data && window.Plotly.Plots.resize(element));
  resize.observe(element);

  async function set(figure) {
    element.hidden = !figure;
    if (!figure) return;
    await import(new URL(host.plotly, document.baseURI)); // cached by the browser: one plotly.js per page
    const color = getComputedStyle(element).color; // follows the page's light or dark theme
    const layout = { ...figure.layout, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", font: { color } };
    await window.Plotly.react(element, figure.data, layout, { displayModeBar: false });
    element.dataset.drawn = Number(element.dataset.drawn || 0) + 1;
  }

  function dispose() {
    resize.disconnect();
    if (element.data) window.Plotly.purge(element);
  }

  return { set, dispose };
}
