// Put into a page before its own scripts: when does a change reach the screen?
//
//   await probe.time(change, { within, fresh })     { draw, pixel } in ms after change() was called
//
// draw: the last draw call of the first frame that is drawn; pixel: the same with the graphics card's work done.
// within: only surfaces inside this element count (CSS); fresh: only those that were given a mesh since change().

window.probe = (() => {
  const LARGE_BYTES = 40000; // a mesh's coordinates, and not some lines
  const contexts = new WeakSet();
  const counts = { contexts: 0 };
  let fresh = new WeakSet();
  let armed = null;

  function wrap(kind, name, after) {
    const original = kind.prototype[name];
    kind.prototype[name] = function (...given) {
      const answer = original.apply(this, given);
      after(this, given);
      return answer;
    };
  }

  function drawn(gl) {
    if (!armed || (armed.fresh && !fresh.has(gl)) || (armed.within && !gl.canvas.closest?.(armed.within))) return;
    const { start, done } = armed;
    armed.last = performance.now();
    if (armed.ending) return;
    armed.ending = true;
    queueMicrotask(() => {
      const draw = armed.last - start;
      armed = null;
      gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
      done({ draw, pixel: performance.now() - start });
    });
  }

  for (const kind of [WebGLRenderingContext, WebGL2RenderingContext]) {
    for (const name of ["bufferData", "bufferSubData"]) {
      wrap(kind, name, (gl, given) => { if (given.some((value) => value?.byteLength > LARGE_BYTES)) fresh.add(gl); });
    }
    for (const name of ["drawArrays", "drawElements"]) wrap(kind, name, drawn);
  }

  const getContext = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (...given) {
    const context = getContext.apply(this, given);
    if (context && String(given[0]).startsWith("webgl") && !contexts.has(context)) {
      contexts.add(context);
      counts.contexts += 1;
    }
    return context;
  };

  function time(change, { within = "", fresh: onlyFresh = false }) {
    return new Promise((done, fail) => {
      fresh = new WeakSet();
      const late = setTimeout(() => fail(new Error("nothing was drawn for 20 s")), 20000);
      const seen = (times) => {
        clearTimeout(late); // which would keep memory that is not the page's
        done(times);
      };
      armed = { start: performance.now(), within, fresh: onlyFresh, done: seen, last: 0, ending: false };
      change();
    });
  }

  return { time, counts };
})();
