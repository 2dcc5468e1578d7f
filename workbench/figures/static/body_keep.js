// Keeping the Body lab's person: a link, Python, files; and opening one again.

import { button, details, fileButton, notice, row, section } from "./controls.js";
import { node } from "./dom.js";
import { personLink } from "./share.js";

const FILES = [["JSON", "json"], ["NumPy .npz", "npz"], ["GLB", "glb"], ["OBJ", "obj"], ["PLY", "ply"]];
const BLOCK = 0x8000; // letters that one call may take as arguments

export function createKeepPart(config, host, store) {
  const said = notice("body-said");
  const code = node("pre", { id: "body-code", tabIndex: 0 });
  const { attempt, copyLink, copyCode, save, openFile, settle } = keepActions(config, host, store, { said, code, wanted: () => python.open });
  const python = details("Python that makes this mesh",
    row(button({ text: "Copy as Python", id: "body-copy-code", onClick: attempt(copyCode) }).element), code);
  python.id = "body-python";
  python.addEventListener("toggle", attempt(settle));
  const link = button({ text: "Copy link", id: "body-copy-link", title: "An address that opens this person", onClick: attempt(copyLink) });
  link.element.hidden = !config.linked;
  const open = fileButton({ text: "Open a person…", id: "body-open", accept: ".json,.npz", onFile: attempt(openFile) });
  const saves = FILES.map(([text, kind]) => button({ text, id: `body-save-${kind}`, title: `Download as .${kind}`,
    onClick: attempt(() => save(kind)) }).element);
  const element = section("Keep and share", row(link.element, open.element),
    row(node("span", { className: "hmr-quiet", textContent: "Download" }), ...saves), python);
  return { element, said, settle: attempt(settle) };
}

/** What the buttons do; `wanted` says whether the code is looked at. */
function keepActions(config, host, store, { said, code, wanted }) {
  /** What went wrong is said, and everything stays as it was. */
  function attempt(action) {
    return async (given) => {
      try {
        await action(given);
      } catch (error) {
        said.set(error.message, true);
      }
    };
  }

  async function copyLink() {
    settle();
    await copied(location.href, "Link copied: it opens this person.");
  }

  async function copyCode() {
    code.textContent = await host.call("person_code", store.get());
    await copied(code.textContent, "Python copied.");
  }

  async function copied(text, done) {
    try {
      await navigator.clipboard.writeText(text);
      said.set(done);
    } catch { // no clipboard without https, or it was refused
      said.set("The browser keeps its clipboard to itself. Copy the address of this page, or the text above, by hand.", true);
    }
  }

  async function save(kind) {
    said.set(`Making the .${kind} file …`);
    const { name, content } = await host.call("person_file", store.get(), kind);
    download(name, content);
    said.set(`${name} was made.`);
  }

  async function openFile(file) {
    if (file.size > config.limits.bytes) {
      throw new Error(`${file.name} is larger than any person's file (${config.limits.bytes / 1000} kB).`);
    }
    const { body, betas, expression, theta } = await host.call("opened_person", file.name, await inBase64(file));
    store.set({ body, betas, expression, theta });
    said.set(`${file.name} is open. Undo brings the person before back.`);
  }

  /** When the sliders rest: the address and the code are those of the person shown. */
  async function settle() {
    if (config.linked) history.replaceState(null, "", personLink(store.get(), config));
    if (wanted()) code.textContent = await host.call("person_code", store.get());
  }

  return { attempt, copyLink, copyCode, save, openFile, settle };
}

function download(name, base64) {
  const address = URL.createObjectURL(new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))]));
  node("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000); // the download has begun by then
}

async function inBase64(file) {
  const letters = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < letters.length; at += BLOCK) text += String.fromCharCode(...letters.subarray(at, at + BLOCK));
  return btoa(text);
}
