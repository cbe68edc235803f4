// The claim table: another view of an answer, in the place of the conversation. Runs once, inside Gradio's HTML
// component, which provides `element` and `server`. The markup comes escaped from ui/table.py, and from nowhere else.
const words = /*WORDS*/ {};
const addresses = 'a[href^="#t/"]';
const root = element.querySelector(".table-view");
const result = root.querySelector(".result");
const made = new Map(); // tables that were fetched, so that going back and forth shows the same one
let state = { address: null, by: "perspectives", form: "table", opener: null, ticket: 0 };

window.parallaxTable?.abort();
const life = (window.parallaxTable = new AbortController());
const on = (target, name, does) => target.addEventListener(name, does, { signal: life.signal });
const opened = () => document.body.classList.contains("table-open");
const shown = () => made.get(`${state.by} ${state.address}`);

function said(text, role) {
  const line = document.createElement("p");
  line.textContent = text;
  line.setAttribute("role", role);
  line.className = role === "alert" ? "why" : "small busy";
  line.tabIndex = -1;
  result.replaceChildren(line);
  return line;
}

// While it is being made: what happens, and a way to have it without the rows of a model.
function waiting(ticket) {
  const line = said(words.working, "status");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "stop";
  button.textContent = words.stop;
  button.addEventListener("click", () => {
    button.disabled = true;
    line.textContent = words.stopping;
    line.focus({ preventScroll: true });
    server.stop(ticket).catch(() => {}); // then the table itself says that it could not be fetched
  });
  result.append(button);
  line.focus({ preventScroll: true });
}

const random = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

async function open(address, by, form = state.form) {
  const ticket = ++state.ticket;
  Object.assign(state, { address, by, form });
  document.body.classList.add("table-open");
  history.replaceState(history.state, "", address);
  for (const node of root.querySelectorAll("[data-by]")) node.setAttribute("aria-pressed", String(node.dataset.by === by));
  for (const node of root.querySelectorAll("[data-form]")) node.setAttribute("aria-pressed", String(node.dataset.form === form));
  if (!shown()) {
    files(false);
    const stopping = random();
    waiting(stopping);
    let data;
    try {
      data = await server.show({ address, by, ticket: stopping });
    } catch {
      data = { note: words.failed };
    }
    if (data.table) made.set(`${by} ${address}`, data);
    if (ticket !== state.ticket) return;
    if (!data.table) {
      said(data.note, "alert").focus();
      return;
    }
  }
  result.innerHTML = shown()[state.form].html;
  files(true);
  result.querySelector("h2")?.focus({ preventScroll: true });
}

function files(there) {
  for (const node of root.querySelectorAll("[data-file]")) node.disabled = !there;
}

function close() {
  ++state.ticket;
  made.clear(); // labels and index may be others when it is opened again
  document.body.classList.remove("table-open");
  history.replaceState(history.state, "", location.pathname + location.search);
  // Gradio may have drawn the message anew since the table was opened.
  const links = [...document.querySelectorAll(`#chat ${addresses}`)];
  const here = links.filter((node) => node.getAttribute("href") === state.address);
  (here.find((node) => node === state.opener) ?? here.at(-1) ?? document.querySelector("#box textarea"))?.focus();
}

function save(ending) {
  const types = { csv: "text/csv", md: "text/markdown", json: "application/json" };
  // A spreadsheet takes a file for another encoding unless it begins so.
  const text = (ending === "csv" ? "\ufeff" : "") + shown()[state.form].files[ending];
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: `${types[ending]};charset=utf-8` }));
  link.download = `${words.file}.${ending}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

on(document, "click", (event) => {
  const link = event.target.closest?.(addresses);
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  state.opener = link;
  open(link.getAttribute("href"), "perspectives", link.matches(".to-agree") ? "agree" : "table");
});
on(root, "click", ({ target }) => {
  const pressed = target.closest?.("button");
  if (pressed?.matches(".back")) close();
  else if (pressed?.dataset.by) open(state.address, pressed.dataset.by);
  else if (pressed?.dataset.form) open(state.address, state.by, pressed.dataset.form);
  else if (pressed?.dataset.file && shown()) save(pressed.dataset.file);
});
// Escape closes an open passage first; panel.js says then that it is done with the key.
on(document, "keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || !opened()) return;
  if (!document.body.classList.contains("panel-open")) close();
});
on(window, "hashchange", () => location.hash.startsWith("#t/") && open(location.hash, "perspectives"));
if (location.hash.startsWith("#t/")) open(location.hash, "perspectives");
