// The Perspectives tab: cards, and labels changed in place. Runs inside Gradio's HTML component, which provides
// `element`, `props`, `server` and `watch`. Data is written with textContent and value only.
const words = /*WORDS*/ {};
const PAGE = 20;
const NAME = "parallax-name"; // the reader's own, kept in this browser
let data = props.value ?? {};
let open = null; // which form stands open: "card " or "row " and its key
let busy = false;
const shown = new Map(); // rows of each card, where more than the first are wanted

function button(text, does, properties = {}) {
  const node = make("button", { type: "button", text, ...properties });
  node.disabled = busy;
  node.addEventListener("click", does);
  return node;
}

function field(text, node) {
  return make("label", { class: "field" }, [make("span", { text }), node]);
}

async function change(name, asked) {
  busy = true;
  const before = data;
  data = { ...before, said: words.working, problem: "" };
  draw();
  try {
    data = await server[name]({ ...asked, by: window.parallaxKept.get(NAME) || null });
  } catch {
    data = { ...before, said: "", problem: words.lost };
  }
  busy = false;
  if (!data.problem) {
    open = null;
    terms = null; // other labels, other words
    unfolded.clear();
    document.querySelector("#labels-changed")?.click();
  }
  draw();
  element.querySelector(".outcome")?.focus({ preventScroll: true });
}

function toggle(key) {
  open = open === key ? null : key;
  draw();
  element.querySelector("form input, form textarea")?.focus();
  if (!open) element.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

function form(key, fields, save) {
  const node = make("form", {}, [
    ...fields,
    make("div", { class: "row" }, [make("button", { type: "submit", class: "main", text: words.save }), button(words.cancel, () => toggle(key))]),
  ]);
  node.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  node.addEventListener("keydown", (event) => {
    if (event.key === "Escape") toggle(key);
  });
  return node;
}

function describing(key, side) {
  const name = make("input", { type: "text", maxlength: "80", required: "", value: side?.label ?? "" });
  const means = make("textarea", { rows: "3", maxlength: "500", value: side?.description ?? "" });
  return form(key, [field(words.name, name), field(words.description, means)], () =>
    change("describe", { id: side?.id ?? null, label: name.value, description: means.value }));
}

function choosing(key, row) {
  const boxes = data.cards.map((side) => {
    const box = make("input", { type: "checkbox" });
    box.checked = row.sides.includes(side.id);
    return [side, box];
  });
  const list = make("fieldset", {}, [
    make("legend", { text: words.choose }),
    ...boxes.map(([side, box]) => make("label", { class: side.style }, [box, make("span", { class: "who", text: `${side.glyph} ${side.label}` })])),
    !boxes.length && make("p", { class: "empty", text: words.noCards }),
  ]);
  return form(key, [list], () =>
    change("relabel", { document: row.id, perspectives: boxes.filter(([, box]) => box.checked).map(([side]) => side.id) }));
}

function labelled(row, inside) {
  const key = `row ${inside} ${row.id}`;
  return make("li", { class: "document" }, [
    make("p", {}, [
      make("span", { class: "title", text: row.title }),
      row.title !== row.id && make("span", { class: "meta", text: row.id }),
      ...row.facts.map((text) => make("span", { class: "meta", text })),
    ]),
    make("p", { class: "given meta", text: row.given }),
    ...row.quotes.map(({ quote, place, stands, link }) => make("figure", { class: stands ? "" : "absent" }, [
      make("blockquote", {}, [link ? make("a", { href: link, class: "near", text: quote }) : make("span", { text: quote })]),
      make("figcaption", { class: "meta", text: place }),
    ])),
    open === key ? choosing(key, row) : make("div", { class: "row" }, [
      row.guessed && button(words.confirm, () => change("confirm", { document: row.id }), { class: "main", "aria-label": `${words.confirm}: ${row.title}` }),
      button(words.change, () => toggle(key), { "data-key": key, "aria-label": `${words.change}: ${row.title}` }),
    ]),
  ]);
}

function documents(rows, inside) {
  const many = shown.get(inside) ?? PAGE;
  return [
    make("ul", {}, rows.slice(0, many).map((row) => labelled(row, inside))),
    rows.length > many && button(`${words.more} (${many} ${words.of} ${rows.length})`, () => {
      shown.set(inside, many + PAGE);
      draw();
    }),
  ];
}

// Words that only one side uses for a thing: looked for when the reader opens the first of these lists, for all sides.
let terms = null; // null: not asked for yet
const unfolded = new Set();

async function look() {
  if (terms) return;
  terms = {};
  let found;
  try {
    found = await server.terms(null);
  } catch {
    found = { problem: words.lost };
  }
  terms = found;
  for (const node of element.querySelectorAll("details.terms")) node.querySelector(".found").replaceChildren(...listed(node.dataset.side));
}

function listed(side) {
  if (terms?.problem) return [make("p", { class: "problem", role: "alert", text: terms.problem })];
  if (!terms?.terms) return [make("p", { class: "empty", role: "status", text: words.termsWorking })];
  const mine = terms.terms[side] ?? [];
  if (!mine.length) return [make("p", { class: "empty", text: words.noTerms })];
  return [make("ul", {}, mine.map(({ text, count, others, uses, more }) => make("li", { class: "term" }, [
    make("p", {}, [make("span", { class: "title", text: `“${text}”` }), make("span", { class: "meta", text: count }), make("span", { class: "meta", text: others })]),
    make("p", { class: "uses" }, [...uses.map(({ link, text }) => make("a", { href: link, class: "near", text })), more && make("span", { class: "meta", text: more })]),
  ])))];
}

function telling(side) {
  const node = make("details", { class: "terms", "data-side": side.id }, [
    make("summary", { text: words.terms }),
    make("div", { class: "found" }, terms ? listed(side.id) : []),
  ]);
  node.open = unfolded.has(side.id);
  node.addEventListener("toggle", () => {
    unfolded[node.open ? "add" : "delete"](side.id);
    if (!node.open) return;
    if (!terms) node.querySelector(".found").replaceChildren(...listed(side.id));
    look();
  });
  return node;
}

function card(side) {
  const key = `card ${side.id}`;
  return make("section", { class: `side-card ${side.style}`, "aria-label": side.label }, [
    make("header", {}, [
      make("h2", { class: "who", text: `${side.glyph} ${side.label}` }),
      make("span", { class: "meta", text: side.says }),
      open !== key && button(words.edit, () => toggle(key), { "data-key": key, "aria-label": `${words.edit}: ${side.label}` }),
    ]),
    open === key ? describing(key, side) : side.description && make("p", { text: side.description }),
    ...(side.documents.length ? documents(side.documents, side.id) : [make("p", { class: "empty", text: words.noDocuments })]),
    side.documents.length > 0 && telling(side),
  ]);
}

function draw() {
  const known = data.cards !== undefined;
  const name = make("input", { type: "text", maxlength: "80", autocomplete: "name", value: window.parallaxKept.get(NAME) ?? "" });
  name.addEventListener("input", () => window.parallaxKept.set(NAME, name.value.trim()));
  const typing = element.contains(document.activeElement) && document.activeElement.closest(".by");
  element.replaceChildren(...[
    make("p", { class: "intro", text: words.intro }),
    known && make("div", { class: "top" }, [
      make("label", { class: "field by" }, [make("span", { text: words.by }), name]),
      button(words.add, () => toggle("card"), { "data-key": "card" }),
      data.guessed > 0 && button(`${words.confirmAll} (${data.guessed})`, () => change("confirm", { document: null })),
    ]),
    data.problem ? make("p", { class: "outcome problem", role: "alert", tabindex: "-1", text: data.problem })
      : data.said && make("p", { class: "outcome", role: "status", tabindex: "-1", text: data.said }),
    open === "card" && make("section", { class: "side-card" }, [describing("card", null)]),
    known && !data.cards.length && make("p", { class: "empty", text: words.noCards }),
    ...(data.cards ?? []).map(card),
    data.unlabelled?.length && make("section", { class: "side-card p-x", "aria-label": data.without }, [
      make("header", {}, [make("h2", { class: "who", text: data.without })]),
      ...documents(data.unlabelled, ""),
    ]),
  ].filter(Boolean));
  if (typing) element.querySelector(".by input")?.focus();
}

// A label was changed beside an open text.
window.parallaxCards?.abort();
const life = (window.parallaxCards = new AbortController());
window.addEventListener("parallax-labels", async () => {
  if (!element.checkVisibility()) return; // they are fetched when the tab is opened
  data = await server.cards(null).catch(() => data);
  draw();
}, { signal: life.signal });

watch("value", () => {
  data = props.value ?? {};
  open = null;
  terms = null;
  unfolded.clear();
  draw();
});
draw();
