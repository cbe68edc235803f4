// What a search is narrowed to: perspectives ticked, documents and speakers looked up, dates typed. Runs once, inside
// Gradio's HTML component, which provides `element` and `server`. Each thing chosen is a part of an address "#f/...",
// which the server wrote and this script only hands back. Names come from documents, and are written with textContent.
const words = /*WORDS*/ {};
const MOST = 200; // parts that the server takes
const root = element.querySelector(".filters");
const letters = { documents: "d", speakers: "s", since: "f", until: "t" };
const names = new Map(); // what each part is called
let chosen = new Set();
let sides = []; // the parts of all perspectives
let none = false; // the reader has unticked every perspective, and is about to tick others

function button(text, name, does, properties = {}) {
  const node = make("button", { type: "button", text, "aria-label": name, ...properties });
  node.addEventListener("click", does);
  return node;
}

const of = (letter) => [...chosen].filter((part) => part.startsWith(`${letter}.`));
const current = () => ["#f", ...chosen].join("/");
const encoded = (text) =>
  btoa(String.fromCharCode(...new TextEncoder().encode(text))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const decoded = (part) =>
  new TextDecoder().decode(Uint8Array.from(atob(part.slice(2).replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0)));

// ── What is shown

const heading = make("h2", { text: words.heading, tabindex: "-1" });
const clear = button(words.clear, words.clearName, () => {
  take("#f");
  heading.focus();
}, { class: "clear" });
const note = make("p", { class: "note meta", role: "status" });
const boxes = make("div", { class: "sides" });
const hint = make("p", { class: "meta", role: "status", text: words.perspectivesHint });
const perspectives = make("fieldset", { id: "chosen" }, [make("legend", { text: words.perspectives }), hint, boxes]);
const pickers = [picker("documents"), picker("speakers")];
const dates = [date("since"), date("until")];
const published = make("div", { class: "dates" }, dates.map((one) => one.node));
root.replaceChildren(
  make("div", { class: "top" }, [heading, clear]),
  note,
  perspectives,
  ...pickers.map((one) => one.node),
  published,
  ...dates.map((one) => one.problem),
);

function show() {
  const ticked = of("p");
  for (const box of boxes.querySelectorAll("input")) box.checked = !none && (!ticked.length || ticked.includes(box.value));
  hint.textContent = none ? words.noneTicked : words.perspectivesHint;
  for (const one of [...pickers, ...dates]) one.draw();
  clear.classList.toggle("idle", !chosen.size);
  clear.disabled = !chosen.size;
  const opens = document.querySelector("#filters");
  if (opens) opens.dataset.count = chosen.size - ticked.length + Math.min(1, ticked.length) || "";
}

function offer(offered) {
  if (offered.every((one, at) => one.part === sides[at] && one.name === names.get(one.part)) && offered.length === sides.length) return;
  sides = offered.map((one) => one.part);
  boxes.replaceChildren(...offered.map(({ part, name }) => {
    names.set(part, name);
    const box = make("input", { type: "checkbox", value: part });
    box.addEventListener("change", tick);
    return make("label", {}, [box, make("span", { text: name })]);
  }));
}

function tick() {
  const ticked = [...boxes.querySelectorAll("input:checked")].map((box) => box.value);
  none = !ticked.length;
  for (const part of of("p")) chosen.delete(part);
  if (ticked.length < sides.length) ticked.forEach((part) => chosen.add(part));
  note.textContent = "";
  show();
}

// ── What changes it

let ticket = 0;
async function refresh() {
  const mine = ++ticket;
  const data = await fetched("known", { only: current() });
  if (mine !== ticket) return;
  if (!data.chosen) {
    note.textContent = data.note;
    return;
  }
  for (const { part, name } of data.chosen) names.set(part, name);
  offer(data.perspectives);
  for (const part of data.gone) chosen.delete(part); // what was chosen since stays
  if (of("p").length === sides.length) for (const part of of("p")) chosen.delete(part); // all of them is no filter
  if (data.note) note.textContent = data.note;
  for (const one of pickers) one.node.hidden = !data.counts[one.kind];
  for (const one of dates) one.say(data.notes[one.name]);
  show();
}

function take(address) {
  chosen = new Set(String(address ?? "").split("/").slice(1).filter((part) => /^[pdsft]\.[\w-]+$/.test(part)));
  none = false;
  note.textContent = "";
  show();
  return refresh();
}

// ── One out of thousands: the server is asked for the first few that fit

function picker(kind) {
  const letter = letters[kind];
  const list = make("ul", { role: "listbox", id: `choose-${kind}`, "aria-label": words[`${kind}Fit`], hidden: "" });
  const said = make("p", { class: "meta", role: "status" });
  const input = make("input", {
    type: "text", role: "combobox", id: `find-${kind}`, "aria-expanded": "false", "aria-controls": list.id,
    "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false", maxlength: "200", placeholder: words[`${kind}Hint`],
  });
  const picked = make("ul", { class: "picked" });
  let active = -1;
  let asked = 0;
  let waiting;

  const open = () => !list.hidden;
  const rows = () => [...list.children];
  function close() {
    ++asked;
    clearTimeout(waiting);
    list.hidden = true;
    said.textContent = "";
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    active = -1;
  }
  async function look() {
    const mine = ++asked;
    const data = await fetched("suggest", { kind, text: input.value });
    if (mine !== asked) return;
    list.replaceChildren(...data.options.map((one, at) => option(one, at)));
    list.hidden = !data.options.length;
    input.setAttribute("aria-expanded", String(open()));
    said.textContent = data.note;
    move(input.value.trim() && data.options.length ? 0 : -1);
  }
  function option({ part, name, facts }, at) {
    names.set(part, name);
    const has = chosen.has(part);
    const row = make("li", { role: "option", id: `${list.id}-${at}`, "aria-selected": String(has) }, [
      make("span", { class: "title", text: name }),
      facts && make("span", { class: "meta", text: facts }),
    ]);
    row.dataset.part = part;
    row.addEventListener("pointerdown", (event) => event.preventDefault()); // the keyboard stays in the field
    row.addEventListener("click", () => pick(part));
    return row;
  }
  function move(to) {
    const all = rows();
    active = all.length ? Math.max(-1, Math.min(to, all.length - 1)) : -1;
    all.forEach((row, at) => row.classList.toggle("active", at === active));
    if (active < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", all[active].id);
      all[active].scrollIntoView({ block: "nearest" });
    }
  }
  function pick(part) {
    if (chosen.has(part)) chosen.delete(part);
    else if (chosen.size < MOST) chosen.add(part);
    else note.textContent = words.full;
    input.value = "";
    close();
    show();
  }
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 120);
  });
  input.addEventListener("click", () => open() || look());
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (open()) move(active + (event.key === "ArrowDown" ? 1 : -1));
      else look();
    } else if (event.key === "Enter" && open() && active >= 0) {
      event.preventDefault();
      pick(rows()[active].dataset.part);
    } else if (event.key === "Escape" && open()) {
      event.preventDefault();
      event.stopPropagation(); // else the drawer would close as well
      close();
    }
  });
  function draw() {
    picked.replaceChildren(...of(letter).map((part) => {
      const name = names.get(part) ?? decoded(part);
      return make("li", {}, [button(name, `${words.remove}: ${name}`, () => {
        chosen.delete(part);
        note.textContent = "";
        show();
        input.focus();
      })]);
    }));
    picked.hidden = !picked.children.length;
  }
  const label = make("label", { for: input.id, text: words[kind] });
  return { kind, draw, node: make("div", { class: "picker" }, [label, input, list, said, picked]) };
}


function date(name) {
  const letter = letters[name];
  const problem = make("p", { class: "problem", id: `problem-${name}`, role: "alert" });
  const input = make("input", { type: "text", maxlength: "20", placeholder: words.date, autocomplete: "off", "aria-describedby": problem.id });
  input.addEventListener("input", () => {
    for (const part of of(letter)) chosen.delete(part);
    const text = input.value.trim();
    if (text) chosen.add(`${letter}.${encoded(text)}`);
    for (const other of dates) other.say("");
    show();
  });
  input.addEventListener("change", refresh);
  function say(text) {
    problem.textContent = text;
    input.setAttribute("aria-invalid", String(Boolean(text)));
  }
  function draw() {
    const [part] = of(letter);
    const text = part ? decoded(part) : "";
    if (input.value.trim() !== text) input.value = text;
  }
  return { name, say, draw, problem, node: make("label", {}, [make("span", { text: words[name] }), input]) };
}

window.parallaxFilters = { current, refresh, take };
show();
refresh();
