// The parts of the Library tab that show data: the state of the update, the watched folder and the table of documents. Runs inside
// Gradio's HTML component, which provides `element`, `props`, `server` and `watch`. Data is written with textContent only.
const words = /*WORDS*/ {};
const part = "/*PART*/ state";
const PAGE = 100;
let filter = "";
let only = ""; // the state of the documents that are listed; all where it is empty
let shown = PAGE;
let problem = ""; // why a document could not be deleted

const state = (data) => {
  const nodes = [];
  if (data.busy) {
    const bar = make("progress", { "aria-label": words.working, max: String(data.of || 1) });
    if (data.of) bar.setAttribute("value", String(data.done));
    nodes.push(bar, make("p", { role: "status", text: data.of ? progress(data) : data.line }));
  } else if (data.line) nodes.push(make("p", { role: "status", text: data.line }));
  for (const text of [data.problem, refused]) if (text) nodes.push(make("p", { role: "alert", class: "problem", text }));
  const files = [...turned, ...(data.files ?? [])];
  if (files.length) nodes.push(make("ul", { class: "becomes", tabindex: "0", "aria-label": words.becomes }, files.map((file) => make("li", { class: `be-${file.becomes}` }, [
    make("span", { class: "sign", "aria-hidden": "true", text: file.sign }),
    make("span", { class: "title", text: file.name }),
    make("span", { class: "meta", text: file.says }),
  ]))));
  return nodes;
};

// Files that are too large, too many or too much are turned away here, each with its sentence, and the others go on:
// Gradio would refuse all of a drop for the sake of one.
let turned = [];
const LISTED = 40;
function sieve(files) {
  const { limits } = words;
  const good = [];
  let total = 0;
  forget();
  for (const file of files) {
    const why = good.length >= limits.files ? "tooMany" : file.size > limits.megabytes * 1e6 ? "tooLarge" : total + file.size > limits.total * 1e6 ? "tooMuch" : "";
    if (why) turned.push({ name: file.name, becomes: "refused", sign: words.sign, says: words[why] });
    else {
      good.push(file);
      total += file.size;
    }
  }
  if (turned.length > LISTED) turned.splice(LISTED, Infinity, { name: words.and.replace("#", turned.length - LISTED), becomes: "more", sign: "", says: "" });
  return good;
}

// Where the server refuses an upload, Gradio shows that for some seconds, behind a number. Its sentence stands here instead.
let refused = "";
function taken() {
  for (const toast of document.querySelectorAll('[data-testid="toast-body"]')) {
    const said = [...toast.querySelectorAll('[data-testid="toast-text"]')].map((node) => node.textContent.match(/^HTTP \d{3}:(.*)$/s)?.[1].trim());
    if (said.at(-1) === undefined || toast.style.display) continue; // one that is going is there for a moment
    toast.style.display = "none";
    toast.querySelector('[data-testid="toast-close"]').click();
    refused = /^[^<{]/.test(said.at(-1)) ? said.at(-1) : words.refused; // what stands between may answer for the server
    draw();
  }
}
function forget() {
  turned = [];
  refused = "";
}

function offered(event) {
  const input = event.target.closest?.("#drop")?.querySelector("input[type=file]");
  const files = [...(event.type === "drop" ? event.dataTransfer?.files ?? [] : input?.files ?? [])];
  if (!input || !files.length) return;
  const good = sieve(files);
  draw();
  if (!turned.length) return;
  event.stopImmediatePropagation();
  event.preventDefault();
  const given = new DataTransfer();
  for (const file of good) given.items.add(file);
  input.files = given.files;
  const told = turned; // the others are offered again by themselves
  if (good.length) input.dispatchEvent(new Event("change", { bubbles: true }));
  turned = told;
  draw();
}
if (part === "state") {
  window.parallaxShelf?.abort();
  const life = (window.parallaxShelf = new AbortController());
  for (const name of ["change", "drop"]) document.addEventListener(name, offered, { capture: true, signal: life.signal });
  document.addEventListener("click", ({ target }) => target.closest?.("#check") && forget(), { signal: life.signal });
  const toasts = new MutationObserver(taken);
  toasts.observe(document.body, { childList: true, subtree: true });
  life.signal.addEventListener("abort", () => toasts.disconnect());
}

function progress({ done, of, rate, left }) {
  const parts = [`${done} ${words.of} ${of} ${words.documentsDone}`, `${rate} ${words.rate}`];
  if (left !== null) parts.push(left < 90 ? `${Math.ceil(left)} ${words.seconds} ${words.left}` : `${Math.ceil(left / 60)} ${words.minutes} ${words.left}`);
  return parts.join(" · ");
}

const table = (data) => {
  if (data.problem) return [make("p", { role: "alert", class: "problem", text: data.problem })];
  if (!data.rows) return [];
  const wanted = filter.toLowerCase();
  const rows = data.rows.filter((row) => (!only || row.state === only) && (!wanted || `${row.title} ${row.id} ${row.says} ${row.labels.map((label) => label.name).join(" ")}`.toLowerCase().includes(wanted)));
  const total = `${data.documents.toLocaleString("en")} ${data.documents === 1 ? words.document : words.documents} · ${data.passages.toLocaleString("en")} ${data.passages === 1 ? words.passage : words.passages}`;
  const body = make("tbody", {}, rows.slice(0, shown).map(line));
  const box = make("input", { type: "search", placeholder: words.filter, "aria-label": words.filter });
  box.value = filter;
  box.addEventListener("input", () => {
    filter = box.value;
    shown = PAGE;
    draw();
    const again = element.querySelector("input");
    again.focus();
    again.setSelectionRange(again.value.length, again.value.length);
  });
  const counts = new Map();
  for (const { state, says } of data.rows) counts.set(state, { says, count: (counts.get(state)?.count ?? 0) + 1 });
  if (only && !counts.has(only)) counts.set(only, { says: words.states[only] ?? only, count: 0 });
  const options = [...counts].map(([value, { says, count }]) => make("option", { value, text: `${says} (${count.toLocaleString("en")})` }));
  const states = make("select", { "aria-label": words.heads[1] }, [make("option", { value: "", text: words.anyState }), ...options]);
  states.value = only;
  states.addEventListener("change", () => {
    only = states.value;
    shown = PAGE;
    draw();
    element.querySelector("select")?.focus();
  });
  const more = button(`${words.more} (${Math.min(shown, rows.length)}/${rows.length} ${words.shown})`, () => {
    shown += PAGE;
    draw();
  }, { class: "more" });
  const heads = make("tr", {}, words.heads.map((text) => make("th", { scope: "col", text })));
  return [
    problem && make("p", { role: "alert", class: "problem refused", tabindex: "-1", text: problem }),
    make("div", { class: "over" }, [make("p", {}, [make("b", { text: total }), make("span", { class: "meta", text: `${words.corpus}: ${data.corpus}` })]), make("div", { class: "find" }, [counts.size > 1 && states, box])]),
    rows.length ? make("table", {}, [make("thead", {}, [heads]), body]) : make("p", { class: "empty", text: words.none }),
    rows.length > shown && more,
  ].filter(Boolean);
};

function button(text, does, properties = {}) {
  const node = make("button", { type: "button", text, ...properties });
  node.addEventListener("click", does);
  return node;
}

function say(text) {
  problem = text;
  draw();
  element.querySelector(".refused")?.focus();
}

// Asks before a document is deleted. The browser keeps the focus inside of a modal dialog, and gives it back.
async function askToRemove(row) {
  const found = await fetched("removal", row.id);
  if (found.problem) return say(found.problem);
  const dialog = make("dialog", { class: "shelf-dialog", "aria-labelledby": "removing" });
  const remove = button(words.confirm, async () => {
    remove.disabled = true;
    const done = await fetched("remove", row.id);
    dialog.close();
    say(done.problem ?? "");
    if (done.problem) return;
    element.querySelector("input")?.focus();
    document.querySelector("#follow")?.click();
  }, { class: "danger" });
  const keep = button(words.cancel, () => dialog.close(), { autofocus: "" });
  dialog.append(
    make("h2", { id: "removing", text: words.removing }),
    make("p", {}, [make("span", { class: "title", text: found.title }), found.title !== found.id && make("span", { class: "meta", text: found.id })]),
    make("ul", {}, found.says.map((text) => make("li", { text }))),
    make("div", { class: "row" }, [keep, remove]),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return undefined;
}

function line(row) {
  const cell = (at, children, name = "") => make("td", { "data-head": words.heads[at], class: name }, children);
  return make("tr", { "data-state": row.state }, [
    cell(0, [make("span", { class: "title", text: row.title }), row.title !== row.id && make("span", { class: "meta", text: row.id })], "what"),
    cell(1, [make("span", { class: `is is-${row.state}`, text: row.says })]),
    cell(2, row.labels.map((label) => make("span", { class: `who ${label.style}`, text: label.name }))),
    cell(3, [row.date], "date"),
    cell(4, [String(row.passages)], "number"),
    cell(5, [row.language]),
    cell(6, row.remarks.map((text) => make("span", { class: "remark", text })), "remarks"),
    cell(7, [
      row.retry && button(words.retry, () => document.querySelector("#follow")?.click(), { "aria-label": `${words.retry}: ${row.title}` }),
      row.remove && button(words.remove, () => askToRemove(row), { "aria-label": `${words.remove}: ${row.title}` }),
    ].filter(Boolean), "acts"),
  ]);
}

// The watched folder. Asked for again and again while somebody looks at the page; a new state of the index is shown.
const EVERY = 2000; // milliseconds
let watched = {};
let said = ""; // not drawn again, or a screen reader would read it out again

async function look() {
  if (document.visibilityState === "visible") {
    const found = await fetched("watched", null);
    if (found.generation && watched.generation && found.generation !== watched.generation) {
      document.querySelector("#check")?.click();
      document.querySelector("#labels-changed")?.click();
    }
    watched = { ...watched, busy: false, line: "", problem: "", ...found };
    if (JSON.stringify(watched) !== said) draw();
    said = JSON.stringify(watched);
  }
  setTimeout(look, EVERY);
}

const watching = () => [
  watched.line && make("p", { role: "status" }, [make("span", { class: "eye", "aria-hidden": "true", text: "◉ " }), watched.busy ? `${watched.line} ${progress(watched)}` : watched.line]),
  watched.problem && make("p", { role: "alert", class: "problem", text: watched.problem }),
].filter(Boolean);

function draw() {
  const drawing = { table, state, watching }[part];
  element.replaceChildren(...drawing(props.value ?? {}));
}

if (part === "watching" && props.value?.on) look();

watch("value", draw);
draw();
