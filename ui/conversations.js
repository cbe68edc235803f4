// Which conversations this browser knows, and which one is open in this tab. Their ids are all that is needed to read
// them, so they are random and stay here. Stands in <head>, since Gradio asks for them before any component is there.
window.parallaxConversation = (() => {
  const corpus = location.pathname.match(/^\/corpus\/([^/]+)/)?.[1]; // where several are side by side
  const KNOWN = corpus ? `parallax-conversations-${corpus}` : "parallax-conversations";
  const OPEN = corpus ? `parallax-conversation-${corpus}` : "parallax-conversation";
  const MOST = 1000;
  const [TRIES, PAUSE] = [100, 50]; // ms between them; then a server that ends nothing is waited for no longer
  const good = (id) => typeof id === "string" && /^[0-9a-f]{32}$/.test(id);
  const { get, set } = window.parallaxKept;
  const known = () => {
    try {
      return [].concat(JSON.parse(get(KNOWN) ?? "[]")).filter(good);
    } catch {
      return []; // somebody else wrote there
    }
  };
  let here = null; // in this tab
  const current = () => {
    const id = here ?? get(OPEN, "sessionStorage") ?? get(OPEN);
    return good(id) ? id : "";
  };
  const open = (id) => {
    here = id;
    set(OPEN, id, "sessionStorage");
    set(OPEN, id);
  };
  const start = () => {
    if (current()) return current();
    const id = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    set(KNOWN, JSON.stringify([id, ...known()].slice(0, MOST)));
    open(id);
    return id;
  };
  const forget = (id) => set(KNOWN, JSON.stringify(known().filter((one) => one !== id)));
  // What goes with a question beside its words; `place` says of the next one which question of the chat it is about.
  let next = {};
  const place = (more) => (next = more);
  // A question that is asked otherwise goes on in a conversation of its own: the one that it stands in stays as it was.
  const otherwise = (at) => {
    const branches = current();
    open("");
    place({ at, branches });
  };
  const sent = () => {
    const more = next;
    next = {};
    filling++;
    turn++;
    return JSON.stringify({ conversation: start(), only: window.parallaxFilters?.current() ?? "#f", ...more });
  };
  // What fills the chat, an answer that grows or a conversation that is shown again, is ended before something else is
  // shown: whatever of it came later would stand in its place. A question that is sent meanwhile is not.
  let filling = 0;
  let turn = 0;
  const filled = () => {
    filling = Math.max(0, filling - 1);
    document.dispatchEvent(new Event("parallax-filled"));
  };
  const loaded = () => { // which may be late: it ends nothing that the reader has begun by then
    filling++;
    return [current()];
  };
  const shown = async () => {
    const mine = ++turn;
    for (let tries = 0; filling && turn === mine && tries < TRIES; tries++) {
      document.querySelector("#leave").click();
      await new Promise((done) => setTimeout(done, PAUSE));
    }
    return loaded();
  };
  // Here, since a press of "New question" that comes before Gradio listens to its buttons is lost otherwise, and what the
  // page opens with is shown.
  document.addEventListener("click", ({ target }) => target.closest?.("#new") && open(""), true);
  return { known, current, open, start, forget, place, otherwise, sent, loaded, shown, filled };
})();
