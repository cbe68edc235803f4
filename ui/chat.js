// The chat: what Gradio does to it, and what it does not do for it. Goes on where panel.js ends, in the same function.

let seen = null;
let asked = 0;
let follow = false;
function look() {
  name();
  editable();
  scroll();
  keep();
  blind();
  for (const end of document.querySelectorAll("#chat .answer-end:not([data-testid])")) end.dataset.testid = "answer-end";
  const list = answers();
  const last = list.at(-1)?.querySelector(".answer-end") ?? null;
  announce(list, last);
  // A screen reader waits for the end, instead of beginning again with each sentence.
  document.querySelector('#chat [role="log"]')?.setAttribute("aria-busy", String(list.length > 0 && !last));
  for (const node of document.querySelectorAll("#chat .as-typed")) node.hidden = !list.at(-1).contains(node);
  date(list);
  const links = hrefs(list.at(-1)?.querySelectorAll("a.cite") ?? []);
  const now = last || links.length || !list.length ? `${list.length} ${links.join()}` : seen;
  if (now !== seen) {
    seen = now;
    if (!opened()) sources();
  }
  if (opened() && state.at >= 0 && !document.querySelector("#chat [aria-current]")) mark(state.links[state.at]);
}
// A screen reader is told once that an answer is there, and nothing while it grows; what was restored arrives unsaid.
const spoken = document.createElement("p");
spoken.className = "sr";
spoken.setAttribute("role", "status");
document.querySelector("#announced")?.remove();
spoken.id = "announced";
(document.querySelector("main") ?? document.body).append(spoken);
const title = (document.documentElement.dataset.title ??= document.title);
let growing = false;
function announce(list, last) {
  document.querySelector('#chat [role="log"]:not([aria-live="off"])')?.setAttribute("aria-live", "off");
  if (list.length && !last && !growing) spoken.textContent = "";
  if (growing && last) spoken.textContent = words.arrived.replace("{count}", hrefs(list.at(-1).querySelectorAll("a.cite")).length);
  growing = list.length > 0 && !last;
  const first = document.querySelector("#chat .user-row p")?.textContent.trim(); // not the button beside it
  const named = first ? `${first.slice(0, 60)} · ${title}` : title;
  if (document.title !== named) document.title = named;
}
// A new question goes to the top, with its answer below it, unless the reader has scrolled meanwhile.
let sized = null; // where it is shown
let roomy = null; // the question that has room below it, and its number
function scroll() {
  const log = document.querySelector('#chat [role="log"]');
  const rows = document.querySelectorAll("#chat .user-row");
  if (log && log !== sized) resized.observe((sized = log)); // Gradio may draw another one
  if (rows.length > asked) follow = true;
  asked = rows.length;
  const last = rows.length && `${asked} ${rows[asked - 1].querySelector("p")?.textContent}`;
  if (roomy !== null && roomy !== last) {
    rows[0]?.parentElement.style.removeProperty("min-height"); // another conversation, or a shorter one
    roomy = null;
  }
  if (!follow || !log || !rows.length) return;
  // Room for it to stand there from the beginning, or each new sentence would push up what is being read.
  const wrap = rows[asked - 1].parentElement;
  const above = rows[asked - 1].getBoundingClientRect().top - wrap.getBoundingClientRect().top;
  const below = parseFloat(getComputedStyle(log).paddingBottom) + parseFloat(getComputedStyle(wrap).marginBottom);
  wrap.style.minHeight = `${Math.ceil(above + log.clientHeight - below) - 10}px`;
  roomy = last;
  log.scrollTop += rows[asked - 1].getBoundingClientRect().top - log.getBoundingClientRect().top - 10;
  if (answers().at(-1)?.querySelector(".answer-end") && answers().length >= asked) follow = false;
}
for (const name of ["wheel", "touchmove", "pointerdown"]) on(document, name, () => (follow = false));
// The box below shrinks once its question is sent, on a slow page only after that is shown: then there is more room.
const resized = new ResizeObserver(scroll);
life.signal.addEventListener("abort", () => resized.disconnect());

// Each update draws a message anew, which would close what the reader has opened and lose the place of the keyboard.
const kept = ["a.cite", ".quotes > summary"];
const unfolded = new Set();
let held = null;
const place = (node, kind) => {
  const message = node.closest(".answer");
  return `${answers().indexOf(message)} ${[...message.querySelectorAll(kind)].indexOf(node)}`;
};
const at = (place, kind) => {
  const [message, index] = place.split(" ");
  return answers()[message]?.querySelectorAll(kind)[index];
};
function keep() {
  for (const place of unfolded) {
    const node = at(place, ".quotes");
    if (node) node.open = true;
    else unfolded.delete(place);
  }
  const lost = held && document.activeElement === document.body && document.hasFocus();
  if (lost) at(held.place, held.kind)?.focus({ preventScroll: true });
}
on(document, "focusin", ({ target }) => {
  const kind = kept.find((kind) => target.matches(`#chat .answer ${kind}`));
  held = kind ? { kind, place: place(target, kind) } : null;
});
on(document, "pointerdown", () => (held = null)); // a click beside it takes the keyboard away for good
document.addEventListener("toggle", ({ target }) => {
  if (target.matches?.("#chat .quotes")) unfolded[target.open ? "add" : "delete"](place(target, ".quotes"));
}, { capture: true, signal: life.signal });

// Blind reading: no label is shown until the reader asks, and then until the next question. It holds for this browser.
const BLIND = "parallax-blind";
let told = -1; // the number of questions for which the labels were asked
let restored = false;
function blind() {
  const box = document.querySelector("#blind input");
  if (box && !restored) {
    restored = true;
    box.checked = window.parallaxKept.get(BLIND) === "1";
  }
  const wanted = box ? box.checked : window.parallaxKept.get(BLIND) === "1";
  if (told !== asked) told = -1;
  const now = wanted && told < 0;
  if (isBlind() !== now) document.documentElement.classList.toggle("blind", now);
}
on(document, "change", ({ target }) => {
  if (!target.matches?.("#blind input")) return;
  window.parallaxKept.set(BLIND, target.checked ? "1" : "0");
  told = -1;
  blind();
});
on(document, "click", (event) => {
  const button = event.target.closest?.("#chat .reveal");
  if (!button) return;
  told = asked;
  blind();
  const log = document.querySelector('#chat [role="log"]');
  log.tabIndex = -1; // the button goes away, and the keyboard goes on from here
  log.focus({ preventScroll: true });
});

// "Search as I typed it" stands in a message, where Gradio knows no buttons; its own one is hidden.
on(document, "click", (event) => {
  if (!event.target.closest?.("#chat .as-typed")) return;
  document.querySelector("#as-typed").click();
  const log = document.querySelector('#chat [role="log"]');
  log.tabIndex = -1; // the button goes away, and the keyboard goes on from here
  log.focus({ preventScroll: true });
});

// What alone was searched stands above an answer. Taken away there, it is taken out of the filters, and the question is
// asked again: the last one in its place, an earlier one below the others.
const lifts = "#chat .lift";
async function again(message, without = null) {
  const log = document.querySelector('#chat [role="log"]');
  if (log.getAttribute("aria-busy") === "true") return;
  const asked = [...document.querySelectorAll("#chat .message-row")].filter((row) => row.matches(".user-row") || row.contains(message));
  const at = asked.slice(0, asked.findIndex((row) => row.contains(message))).filter((row) => row.matches(".user-row")).length - 1;
  const rest = without === "#f" ? [] : [...message.querySelectorAll(".lift.one")].map((node) => node.getAttribute("href")).filter((href) => href !== without);
  await window.parallaxFilters.take(["#f", ...rest.map((href) => href.slice(3))].join("/"));
  window.parallaxConversation.place({ at });
  document.querySelector("#anew").click();
  log.tabIndex = -1; // what was pressed goes away, and the keyboard goes on from here
  log.focus({ preventScroll: true });
}
on(document, "click", (event) => {
  const link = event.target.closest?.(lifts);
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  again(link.closest(".answer"), link.getAttribute("href"));
});
on(document, "keydown", (event) => {
  if (event.key !== " " || !event.target.matches?.(lifts)) return;
  event.preventDefault();
  again(event.target.closest(".answer"), event.target.getAttribute("href"));
});

// An answer keeps the labels that it was given with. Where other ones hold by now, it says so, and can be asked again.
const before = new Set(); // such answers
let dated = null; // the answers that were looked at
const idOf = (message) => message.querySelector('.answer-end [class*="id-"]')?.className.match(/id-[0-9a-f]{12}/)?.[0];
const documentOf = (link) => link.getAttribute("href").split("/")[1];
function date(list) {
  const now = list.map(idOf).join();
  if (now !== dated) {
    dated = now;
    compare();
  }
  for (const message of list) message.classList.toggle("dated", before.has(idOf(message)));
}
let comparing = 0;
async function compare() {
  const mine = ++comparing;
  const named = [...document.querySelectorAll("#chat .answer a.cite:has(.lab)")]; // a reader's comment is on no side
  const told = named.filter((link) => idOf(link.closest(".answer")));
  const one = new Map(told.map((link) => [documentOf(link), link.getAttribute("href")])); // citation of each document
  const signs = told.length ? await server.signs([...one.values()]).catch(() => ({})) : {};
  if (mine !== comparing) return;
  before.clear();
  for (const link of told) {
    const { style, name } = signs[one.get(documentOf(link))] ?? {};
    if (style && !(link.classList.contains(style) && link.querySelector(".lab").textContent === name)) before.add(idOf(link.closest(".answer")));
  }
  for (const message of answers()) message.classList.toggle("dated", before.has(idOf(message)));
}
on(window, "parallax-labels", compare);
on(document, "click", ({ target }) => {
  if (target.closest?.("#labels-changed")) compare();
  const asks = target.closest?.("#chat .with-labels-of-now");
  if (asks) again(asks.closest(".answer"));
});

// The question that leaves open what the reader's own took for granted goes into the box: the reader sends it.
on(document, "click", (event) => {
  const button = event.target.closest?.("#chat .neutral");
  const box = document.querySelector("#box textarea");
  if (!button || !box) return;
  box.value = button.textContent;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
});

// Gradio names a message by its source, HTML and all, its icon buttons not at all, and the drop zone by other words
// than it shows; and it calls buttons a list.
function name() {
  for (const [role, text] of [["bot", words.answer], ["user", words.question]]) {
    for (const node of document.querySelectorAll(`#chat [data-testid="${role}"]`)) {
      if (node.getAttribute("aria-label") !== text) node.setAttribute("aria-label", text);
    }
  }
  for (const [id, text] of [["submit-button", words.ask], ["stop-button", words.stop]]) {
    document.querySelector(`#box [data-testid="${id}"]:not([aria-label])`)?.setAttribute("aria-label", text);
  }
  for (const node of document.querySelectorAll("#drop button[aria-dropeffect]")) {
    const text = node.textContent.trim() ? null : words.drop; // once files lie in it, it shows a sign alone
    if (text && node.getAttribute("aria-label") !== text) node.setAttribute("aria-label", text);
    if (!text) node.removeAttribute("aria-label");
    // Once files lie there, it is a button in a button: the outer one does it then.
    const around = node.parentElement.closest("button");
    if (!around || node.inert) continue;
    node.inert = true;
    around.title = words.drop;
    around.setAttribute("aria-label", words.drop);
    around.addEventListener("click", ({ target }) => target.type === "file" || node.querySelector("input").click());
  }
  document.querySelector(`#chat [role="log"]:not([aria-label="${words.chat}"])`)?.setAttribute("aria-label", words.chat);
  document.querySelector('#chat [role="complementary"]')?.removeAttribute("role");
  document.querySelector('#chat .examples[role="list"]')?.setAttribute("role", "group");
  document.querySelector("#tabs .overflow-menu > button:not([aria-label])")?.setAttribute("aria-label", words.moreTabs);
}

// On paper nothing can be unfolded: what is folded is opened for it, and folded again.
let folded = [];
on(window, "beforeprint", () => {
  folded = [...document.querySelectorAll("#chat .quotes:not([open])")];
  for (const node of folded) node.open = true;
});
on(window, "afterprint", () => folded.forEach((node) => (node.open = false)));
