// Gradio's server closes the stream of a page's events once none is left, and its page then gives up whatever was sent
// meanwhile: where the page is slow, an answer is lost that way ("Connection errored out"). So the word that a stream is
// closed is handed on only with its end, and the word that an event was taken only once its stream tells of it, or has
// ended and another one is opened. A stream that the page itself breaks off, when it is left, just ends: Gradio logs an
// error otherwise. Stands in <head>, before Gradio takes `fetch`.
(() => {
  const { fetch } = window;
  const [LONGEST, TAKEN, TAIL] = [5_000, 20, 100]; // ms at most; ms in which Gradio closes a stream; characters
  const ID = /"event_id":"([^"\\]+)"/g; // what somebody wrote comes with its quotation marks escaped
  const CLOSE = '"msg":"close_stream"';
  const BROKEN_OFF = "AbortError";
  let last = { over: Promise.resolve(), told: new Map() };
  const once = () => {
    let now;
    const promise = new Promise((done) => (now = done));
    return { promise, now };
  };

  function followed(response, stream, end) {
    const reader = response.body.getReader();
    const text = new TextDecoder();
    const held = [];
    let tail = "";
    const pull = async (out) => {
      try {
        while (true) {
          const { done, value } = await reader.read();
          if (done) {
            held.forEach((one) => out.enqueue(one));
            out.close();
            end();
            return;
          }
          const read = tail + text.decode(value, { stream: true });
          for (const [, id] of read.matchAll(ID)) about(stream, id).now();
          tail = read.slice(-TAIL);
          if (held.length || read.includes(CLOSE)) held.push(value);
          else return out.enqueue(value);
        }
      } catch (error) {
        end();
        if (error.name !== BROKEN_OFF) throw error;
        out.close();
      }
    };
    const cancel = (why) => {
      end();
      return reader.cancel(why);
    };
    const { status, headers } = response;
    return new Response(new ReadableStream({ pull, cancel }), { status, headers });
  }

  function about({ told }, id) {
    if (!told.has(id)) told.set(id, once());
    return told.get(id);
  }

  window.fetch = async (...asked) => {
    const [, route] = new URL(asked[0].url ?? asked[0], location.href).pathname.match(/\/queue\/(join|data)$/) ?? [];
    if (!route) return fetch(...asked);
    if (route === "data") {
      const over = once();
      const stream = (last = { over: over.promise, told: new Map() });
      const end = () => setTimeout(over.now, TAKEN);
      try {
        const response = await fetch(...asked);
        if (response.ok) return followed(response, stream, end);
        end();
        return response;
      } catch (error) {
        end();
        if (error.name !== BROKEN_OFF) throw error;
        return new Response("");
      }
    }
    const response = await fetch(...asked);
    const { event_id: id } = response.ok ? await response.clone().json().catch(() => ({})) : {};
    const longest = new Promise((done) => setTimeout(done, LONGEST));
    if (id) await Promise.race([last.over, about(last, id).promise, longest]);
    return response;
  };
})();
