// What a view or lab cannot do itself, in a page of the app. Other hosts give an object of the same form:
//
//   plotly()           a promise of Plotly, loaded once per page
//   file(name)         a promise of a body's packed file (an ArrayBuffer), by its tag
//   call(name, ...)    a promise of what the Python function answers; rejects with an Error to be read by people

const plotlys = new Map(); // by address

export function pageHost(plotlyAddress, server = {}) {
  const call = (name, ...given) => ask(server, name, given);
  const file = async (name) => fetchFile(server.body_file ? await call("body_file", name) : name);
  return { plotly: () => loadPlotly(plotlyAddress), file, call };
}

function loadPlotly(address) {
  const place = new URL(address, document.baseURI).href;
  if (!plotlys.has(place)) {
    const loaded = import(place).then(() => window.Plotly); // our own reference, because others may replace it
    loaded.catch(() => plotlys.delete(place)); // the next view tries again
    plotlys.set(place, loaded);
  }
  return plotlys.get(place);
}

async function fetchFile(address) {
  const answer = await fetch(new URL(address, document.baseURI), { cache: "force-cache" }); // it changes with the file
  if (!answer.ok) throw new Error(`a file of this page could not be fetched (${answer.status}). Reload the page.`);
  return answer.arrayBuffer();
}

async function ask(server, name, given) {
  const reply = await server[name](given);
  if (!reply) throw new Error("the server did not answer. Is it still running?");
  if (reply.error) throw new Error(reply.error);
  return reply.answer;
}
