// Watched questions: listed, with what changed until it was seen; begun below an answer, ended here. Runs once, inside
// Gradio's HTML component, which provides `element` and `server`. Everything from documents is written with textContent.
const words = /*WORDS*/ {};
const root = element.querySelector(".watched");
const list = root.querySelector("ul");
const note = root.querySelector(".note");
const EVERY = 15_000; // milliseconds between two looks
const corpus = location.pathname.match(/^\/corpus\/([^/]+)/)?.[1];
const SEEN = corpus ? `parallax-seen-${corpus}` : "parallax-seen";
const opened = new Set();
let shown = "";

window.parallaxWatched?.abort();
const life = (window.parallaxWatched = new AbortController());

function make(tag, properties = {}, children = []) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "text") node.textContent = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.filter(Boolean));
  return node;
}

async function fetched(name, given) {
  try {
    return await server[name](given);
  } catch {
    return { note: words.lost };
  }
}

function seen() {
  try {
    const found = JSON.parse(window.parallaxKept.get(SEEN) ?? "{}");
    return found && typeof found === "object" ? found : {};
  } catch {
    return {}; // something else was kept there
  }
}

function see(id, number) {
  window.parallaxKept.set(SEEN, JSON.stringify({ ...seen(), [id]: number }));
}

// A sentence in which who reads blind is told no perspective.
function sentence(text, labels) {
  const line = make("p");
  let rest = text;
  while (rest) {
    const next = labels.filter((label) => label && rest.includes(label)).sort((one, other) => rest.indexOf(one) - rest.indexOf(other))[0];
    const at = next ? rest.indexOf(next) : rest.length;
    line.append(rest.slice(0, at));
    if (next) line.append(make("span", { class: "lab", text: next }), make("span", { class: "anon", text: words.side }));
    rest = rest.slice(at + (next?.length ?? 0));
  }
  return line;
}

function passage({ link, style, who, quote, title }) {
  return make("a", { class: `cite ${style}`, href: link, title }, [make("span", { class: "who lab", text: `${who} ` }), make("span", { text: `“${quote}”` })]);
}

function entry({ id, question, only, problem, news }) {
  const latest = news[0]?.number ?? 0;
  const fresh = latest > (seen()[id] ?? 0);
  const mark = fresh && make("span", { class: "mark", text: words.new });
  const row = make("li", { class: fresh ? "question fresh" : "question" });
  const told = news.flatMap(({ at, changes }) => [
    make("p", { class: "meta", text: `${at.replace("T", " ").replace("Z", "")} UTC` }),
    ...changes.map(({ text, labels, passages }) => make("div", { class: "result" }, [sentence(text, labels), ...passages.map(passage)])),
  ]);
  const stop = make("button", { type: "button", class: "stop", text: words.stop, "aria-label": `${words.stop}: ${question}` });
  const narrowed = only.length && make("p", { class: "meta" }, [`${words.only} `, ...only.flatMap(({ text, side }) => [make("span", side ? { class: "lab", text } : { text }), " "])]);
  const details = make("details", opened.has(id) ? { open: "" } : {}, [
    make("summary", {}, [question, mark]),
    narrowed,
    problem && make("p", { class: "meta", text: problem }),
    ...(told.length ? told : [make("p", { class: "meta", text: words.none })]),
    make("p", {}, [stop]),
  ]);
  details.addEventListener("toggle", () => {
    details.open ? opened.add(id) : opened.delete(id);
    if (!details.open) return;
    see(id, latest);
    row.classList.remove("fresh");
    mark && mark.remove();
  });
  stop.addEventListener("click", async () => {
    if (!stop.classList.contains("sure")) {
      stop.classList.add("sure");
      stop.textContent = words.sure;
      stop.setAttribute("aria-label", `${words.sure}: ${question}`);
      return;
    }
    const { note: problem } = await fetched("unwatch", id);
    await refresh(problem);
    (list.querySelector("summary") ?? document.querySelector("#box textarea"))?.focus();
  });
  row.append(details);
  return row;
}

async function refresh(say = "") {
  const data = await fetched("watched", null);
  if (data.questions) document.body.classList.toggle("watches", data.watches);
  if (say || data.note || note.textContent) note.textContent = say || (data.watches === false ? "" : data.note) || "";
  const now = JSON.stringify(data.questions ?? []);
  if (!data.questions || now === shown) return;
  shown = now; // nothing is drawn anew under a reader's hands where nothing is new
  list.replaceChildren(...data.questions.map(entry));
}

document.addEventListener("click", async ({ target }) => {
  const pressed = target.closest?.("#chat .watch-this");
  const of = pressed?.closest(".answer").querySelector(".onward")?.className.match(/t\/\S+/)?.[0];
  if (!of) return;
  const { note: said } = await fetched("watch", `#${of}`);
  pressed.textContent = said;
  await refresh(said);
}, { signal: life.signal });

const timer = setInterval(() => document.hidden || refresh(), EVERY);
life.signal.addEventListener("abort", () => clearInterval(timer));
refresh();
