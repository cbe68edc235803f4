// The tab with the corpus at a glance: pictures, and beside each a list that holds the same. Goes on where pictures.js
// ends, inside Gradio's HTML component, which provides `element` and `server`. Data is written with textContent only.
const PAGE = 50;
const phone = matchMedia("(max-width: 720px)");
let data = {};
let chosen = []; // perspectives; none means all
let by = "perspectives";
let cell = null; // whose quotes are listed
let picked = null; // the point that is open
let revealed = false;
let visible = false;
let ticket = 0;

window.parallaxGlance?.abort();
const life = (window.parallaxGlance = new AbortController());
const isBlind = () => document.documentElement.classList.contains("blind") && !revealed;

function button(text, does, properties = {}) {
  const node = make("button", { type: "button", text, ...properties });
  node.addEventListener("click", () => does(node));
  return node;
}

const rows = (body, found, row) => {
  const more = button("", () => show(body.children.length + PAGE), { class: "more" });
  const show = (many) => {
    body.append(...found.slice(body.children.length, many).map(row));
    more.textContent = `${words.more} (${body.children.length} ${words.of} ${found.length})`;
    more.hidden = body.children.length >= found.length;
  };
  show(PAGE);
  return more;
};

const named = (ids) => data.sides.filter((side) => ids.includes(side.id)).map((side) => make("span", { class: `who ${side.style}`, text: `${side.glyph} ${side.label}` }));

// ── Sections: a heading, a picture, what it says, and the same as a list

function picture(name) {
  const drawing = make("div", { class: "drawing" });
  const box = make("div", { class: `picture ${name}`, role: "img", tabindex: "-1", "aria-label": words[`${name}Picture`] }, [drawing]);
  // Where it is wider than the window, it is moved by keyboard as well.
  const scrolled = name === "quoting" ? { tabindex: "0", role: "group", "aria-label": words[name] } : {};
  return { drawing, box, wide: make("div", { class: "wide", ...scrolled }, [box]), plot: null };
}

const pictures = { map: picture("map"), timeline: picture("timeline"), quoting: picture("quoting") };
const status = make("p", { class: "outcome", role: "status" });
const tip = make("div", { class: "tip", "aria-hidden": "true", hidden: "" });
const legend = make("fieldset", { class: "legend" });
const only = make("p", { class: "meta only", role: "status" });
const says = { map: make("p", { class: "meta" }), timeline: make("p", { class: "meta" }), quoting: make("p", { class: "meta" }) };
const lists = { map: make("div"), timeline: make("div"), quoting: make("div") };
const columns = make("p", { class: "by", role: "group", "aria-label": words.by }, [make("span", { text: `${words.by} ` })]);
for (const name of ["perspectives", "outlets", "documents"]) {
  columns.append(button(words[name], () => {
    [by, cell] = [name, null];
    look();
  }, { "data-by": name }));
}
const quotes = make("section", { class: "result", tabindex: "-1", hidden: "" });
const section = (name, ...more) => make("section", { class: "view", "aria-label": words[name] }, [
  make("h2", { text: words[name] }),
  make("p", { class: "means", text: words[`${name}Means`] }),
  ...more,
  says[name],
  pictures[name].wide,
  name === "quoting" && quotes,
  lists[name],
]);
const everything = make("div", { class: "everything" }, [legend, only, status, section("map"), section("timeline"), section("quoting", columns)]);
const hidden = make("div", { class: "blind-note" }, [make("p", { text: words.blind }), button(words.reveal, () => {
  revealed = true;
  blind();
})]);
element.replaceChildren(make("p", { class: "intro", text: words.intro }), hidden, everything, tip);

function blind() {
  hidden.hidden = !isBlind();
  everything.hidden = isBlind();
  if (visible && !isBlind()) look();
}

// ── What is known now

async function look() {
  const mine = ++ticket;
  let found;
  try {
    found = await server.look({ perspectives: chosen, by });
  } catch {
    found = { problem: words.lost };
  }
  if (mine !== ticket || life.signal.aborted) return;
  if (found.problem && chosen.length) {
    chosen = []; // a perspective that was ticked may be gone
    return look();
  }
  status.textContent = found.problem ?? "";
  if (found.problem) return;
  const same = JSON.stringify(found) === JSON.stringify(data);
  data = found;
  if (!same) {
    picked = null;
    list();
  }
  await draw();
  // The first look at a state of the index does not wait for what takes a while.
  if ((!data.map || !data.quoting) && visible && mine === ticket) setTimeout(() => mine === ticket && look(), 700);
}

function list() {
  const boxes = data.sides.map((side) => {
    const box = make("input", { type: "checkbox", value: side.id });
    box.checked = !chosen.length || chosen.includes(side.id);
    return make("label", { class: side.style }, [box, make("span", { class: "who", text: `${side.glyph} ${side.label}` })]);
  });
  const held = legend.contains(document.activeElement) ? document.activeElement.value : null;
  legend.replaceChildren(make("legend", { text: words.sides }), ...boxes);
  if (held) [...legend.querySelectorAll("input")].find((box) => box.value === held)?.focus();
  for (const node of columns.querySelectorAll("button")) node.setAttribute("aria-pressed", String(node.dataset.by === by));
  for (const name of ["map", "timeline", "quoting"]) {
    const there = data[name];
    says[name].textContent = there ? there.says : words.working;
    const open = [...lists[name].querySelectorAll("details")].map((node) => node.open);
    lists[name].replaceChildren(...(there ? { map: mapList, timeline: timelineList, quoting: quotingTable }[name](there) : []));
    lists[name].querySelectorAll("details").forEach((node, at) => (node.open = open[at] ?? false));
  }
  if (!cell) quotes.hidden = true;
}

legend.addEventListener("change", ({ target }) => {
  const boxes = [...legend.querySelectorAll("input")];
  const ticked = boxes.filter((box) => box.checked).map((box) => box.value);
  only.textContent = ticked.length ? "" : words.oneAtLeast;
  if (!ticked.length) {
    target.checked = true;
    return;
  }
  chosen = ticked.length === boxes.length ? [] : ticked;
  cell = null;
  look();
});

const table = (heads, body) => make("table", {}, [make("thead", {}, [make("tr", {}, heads.map((text) => make("th", { scope: "col", text })))]), body]);

// Filled when it is opened: it may be long.
function folded(text, heads, found, row) {
  const node = make("details", {}, [make("summary", { text })]);
  node.addEventListener("toggle", () => {
    if (!node.open || node.children.length > 1) return;
    const body = make("tbody");
    const more = rows(body, found, row);
    node.append(make("div", { class: "wide", tabindex: "0", role: "region", "aria-label": text }, [table(heads, body)]), more);
  });
  return node;
}

function mapList({ points, documents }) {
  const order = points.map((_, at) => at).sort((one, other) => points[one][0] - points[other][0] || points[one][1] - points[other][1]);
  return [folded(words.mapList, [words.passage, words.document, words.sides], order, (at) => {
    const { title, sides } = documents[points[at][0]];
    return make("tr", {}, [
      make("td", {}, [button(points[at][5] || "…", (node) => pick("map", at, node), { class: "opens" })]),
      make("td", { text: title }),
      make("td", {}, named(sides)),
    ]);
  })];
}

function timelineList({ dated, undated, without }) {
  const row = (one) => make("tr", {}, [
    make("td", { class: "date", text: one.published ?? "" }),
    make("td", {}, [button(one.title, (node) => opened({ document: one.id }, node), { class: "opens" }), one.outlet && make("span", { class: "meta", text: ` ${one.outlet}` })]),
    make("td", {}, named(one.sides)),
  ]);
  const heads = [words.date, words.document, words.sides];
  return [dated.length && folded(words.timelineList, heads, dated, row), undated.length && folded(without, heads, undated, row)].filter(Boolean);
}

function quotingTable({ columns: across, speakers, counts }) {
  if (!speakers.length) return [make("p", { class: "empty", text: words.noQuotes })];
  const body = make("tbody", {}, speakers.map((speaker, row) => make("tr", {}, [
    make("th", { scope: "row", text: speaker }),
    ...across.map((column, at) => make("td", { class: "number" }, counts[row][at] ? [button(String(counts[row][at]), (node) => listQuotes(row, at, node), { "aria-label": `${counts[row][at]}: ${said(speaker, column.name)}` })] : [])),
  ])));
  return [make("details", {}, [make("summary", { text: words.quotingTable }), make("div", { class: "wide", tabindex: "0", role: "region", "aria-label": words.quotingTable }, [table([words.speaker, ...across.map((column) => column.name)], body)])])];
}

// ── What opens

async function opened(where, opener) {
  let found;
  try {
    found = await server.place(where);
  } catch {
    found = { problem: words.lost };
  }
  status.textContent = found.problem ?? "";
  if (found.link) document.dispatchEvent(new CustomEvent("parallax-open", { detail: { link: found.link, opener } }));
}

function pick(name, at, opener) {
  if (name === "timeline") return opened({ document: data.timeline.dated[at].id }, opener);
  const [document, start, end] = data.map.points[at];
  picked = at;
  draw();
  return opened({ document: data.map.documents[document].id, start, end }, opener);
}

const said = (speaker, column) => words.quotesOf.replace(/\{(\w+)\}/g, (_, name) => ({ speaker, column })[name]);

async function listQuotes(row, at, opener) {
  const [speaker, column] = [data.quoting.speakers[row], data.quoting.columns[at]];
  const mine = (cell = { opener });
  let found;
  try {
    found = await server.quoted({ by, column: column.id, speaker, perspectives: chosen });
  } catch {
    found = { problem: words.lost };
  }
  if (cell !== mine) return;
  status.textContent = found.problem ?? "";
  if (found.problem) return;
  quotes.replaceChildren(
    make("h3", { text: said(speaker, column.name) }),
    make("ul", {}, found.quotes.map(({ link, words: text, title, facts }) => make("li", {}, [
      make("a", { href: link, class: "near", text }),
      make("span", { class: "meta", text: ` ${[title, ...facts].join(" · ")}` }),
    ]))),
    make("p", { class: "meta", text: found.more }),
  );
  quotes.hidden = false;
  quotes.setAttribute("aria-label", said(speaker, column.name));
  quotes.focus({ preventScroll: true });
  quotes.scrollIntoView({ block: "nearest" });
}

// ── Pictures

let loading = null;
function library() {
  return (loading ??= new Promise((done, failed) => {
    if (window.Plotly) return done(window.Plotly);
    const script = make("script", { src: words.plotly });
    script.addEventListener("load", () => done(window.Plotly));
    script.addEventListener("error", () => {
      loading = null;
      failed(new Error(words.plotly));
    });
    document.head.append(script);
  }));
}

async function draw() {
  if (!visible || isBlind()) return;
  let Plotly;
  try {
    Plotly = await library();
  } catch {
    status.textContent = words.undrawn;
    return;
  }
  if (!visible || !data.sides) return;
  const ink = inks();
  const made = {
    map: data.map?.points.length && mapOf(data.map, data.sides, data.map.points[picked], ink, phone.matches),
    timeline: data.timeline.dated.length && timelineOf(data.timeline, data.sides, ink, phone.matches),
    quoting: data.quoting?.speakers.length && quotingOf(data.quoting, data.quoting.by === "perspectives" ? data.sides : [], ink, phone.matches),
  };
  for (const [name, figure] of Object.entries(made)) {
    const { box, drawing } = pictures[name];
    const nothing = data[name] && !figure;
    box.parentElement.hidden = Boolean(nothing);
    if (nothing && name !== "quoting") says[name].textContent = words.nothing;
    if (!figure) continue;
    if (figure.height) box.style.height = `${figure.height}px`;
    if (figure.width) box.style.minWidth = `${figure.width}px`;
    await Plotly.react(drawing, figure.data, { ...figure.layout, width: box.clientWidth, height: box.clientHeight }, settings);
    if (!pictures[name].plot) attend(name, drawing);
    pictures[name].plot = figure;
  }
}

// What lies under the pointer, in words: the library's own labels would read them as HTML.
function about(name, point) {
  if (name === "map") {
    const [document, , , , , text] = data.map.points[point.customdata];
    const { title, sides } = data.map.documents[document];
    return [...named(sides), make("b", { text: title }), make("span", { text })];
  }
  if (name === "timeline") {
    const one = data.timeline.dated[point.customdata];
    return [...named(one.sides), make("b", { text: one.title }), make("span", { text: [one.published, one.outlet].filter(Boolean).join(" · ") })];
  }
  const [speaker, column] = [data.quoting.speakers[point.y], data.quoting.columns[point.x]];
  return [make("b", { text: said(speaker, column.name) }), make("span", { text: String(point.z) })];
}

function attend(name, drawing) {
  const { box } = pictures[name];
  drawing.on("plotly_hover", ({ points: [point], event }) => {
    if (name === "quoting" && !point.z) return;
    tip.replaceChildren(...about(name, point));
    tip.hidden = false;
    const { width, height } = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(8, Math.min(event.clientX + 14, innerWidth - width - 12))}px`;
    tip.style.top = `${event.clientY + 18 + height > innerHeight ? event.clientY - height - 12 : event.clientY + 18}px`;
    drawing.classList.add("points");
  });
  drawing.on("plotly_unhover", () => {
    tip.hidden = true;
    drawing.classList.remove("points");
  });
  drawing.on("plotly_click", ({ points: [point] }) => {
    tip.hidden = true;
    if (name !== "quoting") pick(name, point.customdata, box);
    else if (point.z) listQuotes(point.y, point.x, box);
  });
}

// ── When it is drawn: while it is looked at, and anew when the window, the theme or the labels are others

const until = (observer) => life.signal.addEventListener("abort", () => observer.disconnect());
const seeing = new IntersectionObserver(([entry]) => {
  if (entry.isIntersecting === visible) return;
  visible = entry.isIntersecting;
  tip.hidden = true;
  if (visible) blind();
});
seeing.observe(element.closest("#glance"));
until(seeing);
let resizing = 0;
const sizing = new ResizeObserver(() => {
  cancelAnimationFrame(resizing);
  resizing = requestAnimationFrame(() => {
    for (const { box, drawing, plot } of Object.values(pictures)) {
      if (plot && box.clientWidth && Math.abs(box.clientWidth - drawing.layout.width) > 1) window.Plotly.relayout(drawing, { width: box.clientWidth, height: box.clientHeight });
    }
  });
});
for (const { box } of Object.values(pictures)) sizing.observe(box);
until(sizing);
let dark = null;
const themes = new MutationObserver(() => {
  if (hidden.hidden === isBlind()) return blind();
  if (dark === (dark = document.body.classList.contains("dark"))) return;
  draw();
});
for (const node of [document.body, document.documentElement]) themes.observe(node, { attributes: true, attributeFilter: ["class"] });
until(themes);
phone.addEventListener("change", () => draw(), { signal: life.signal });
blind();
