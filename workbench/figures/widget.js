// What a notebook's page runs first for every widget (anywidget). The views themselves, plotly.js and the bodies are
// asked of Python once per page, over the widget's own connection: they work offline, all widgets share them, and
// nothing of them is saved in the notebook.

const page = (globalThis[Symbol.for("hmr-workbench")] ??= { files: new Map(), modules: new Map(), asked: 0 });
const AGAIN_MS = 10_000; // a kernel that was restarted never answers what the one before it was asked

function render({ model, el }) {
  const element = document.createElement("div");
  el.classList.add("hmr-notebook");
  const note = document.createElement("p");
  note.textContent = "Waiting for Python: the picture comes when no cell is running. If it does not, run this cell again.";
  note.setAttribute("role", "status");
  el.append(note, element);
  const python = talk(model);
  let stop = () => {};
  let gone = false;
  start(model, element, hostOf(model, python)).then((stopView) => {
    note.remove();
    if (gone) stopView();
    else stop = stopView;
  }).catch((error) => { note.textContent = `This could not be shown: ${error.message}`; });
  return () => {
    gone = true;
    stop();
    python.stop();
    element.remove();
  };
}

async function start(model, element, host) {
  const views = await moduleOf(model.get("_views"), host);
  return views[`show${model.get("_kind")}`](element, host, model);
}

/** Questions to Python and their answers. */
function talk(model) {
  const open = new Map();
  const onMessage = (message, buffers) => {
    const question = open.get(message.id);
    if (!question) return; // another view's
    open.delete(message.id);
    if (message.error) question.reject(new Error(message.error));
    else question.resolve(buffers?.length ? bytesOf(buffers[0]) : message.answer);
  };
  model.on("msg:custom", onMessage);
  const ask = (content) => new Promise((resolve, reject) => {
    const id = `${Date.now().toString(36)}-${page.asked++}`;
    open.set(id, { resolve, reject });
    model.send({ id, ...content });
  });
  return { ask, stop: () => model.off("msg:custom", onMessage) };
}

function bytesOf(view) {
  return view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
}

function hostOf(model, python) {
  const host = {
    file: (name) => fileOf(name, python),
    call: (name, ...given) => python.ask({ ask: "call", name, given }),
    plotly: async () => {
      await moduleOf(model.get("_plotly"), host);
      return page.plotly ??= window.Plotly; // our own reference, because others may replace it
    },
  };
  return host;
}

/** A file, asked for once per page: asked again, by whoever waits for it, when no answer comes. */
function fileOf(name, python) {
  if (!page.files.has(name)) {
    const file = { asked: 0, done: false };
    file.content = new Promise((resolve, reject) => Object.assign(file, { resolve, reject }));
    file.content.then(() => { file.done = true; }, () => page.files.delete(name));
    page.files.set(name, file);
  }
  const file = page.files.get(name);
  const ask = () => {
    if (file.done || Date.now() - file.asked < AGAIN_MS) return;
    file.asked = Date.now();
    python.ask({ ask: "file", name }).then(file.resolve, file.reject);
  };
  ask();
  const timer = setInterval(ask, AGAIN_MS);
  return file.content.finally(() => clearInterval(timer));
}

/** A zipped script of Python's, run once per page. */
function moduleOf(name, host) {
  if (!page.modules.has(name)) {
    const loaded = load(name, host);
    loaded.catch(() => page.modules.delete(name)); // the next widget tries again
    page.modules.set(name, loaded);
  }
  return page.modules.get(name);
}

async function load(name, host) {
  const unzipped = new Blob([await host.file(name)]).stream().pipeThrough(new DecompressionStream("gzip"));
  const text = await new Response(unzipped).text();
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    return await import(address);
  } finally {
    URL.revokeObjectURL(address);
  }
}

export default { render };
