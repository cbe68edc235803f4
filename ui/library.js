// The two parts of the Library tab that show data: the state of the update and the table of documents. Runs inside
// Gradio's HTML component, which provides `element`, `props` and `watch`. Data is written with textContent only.
const words = /*WORDS*/ {};
const part = "/*PART*/ state";
const PAGE = 100;
let filter = "";
let shown = PAGE;

function make(tag, properties = {}, children = []) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "text") node.textContent = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.filter(Boolean));
  return node;
}

const state = (data) => {
  const nodes = [];
  if (data.busy) {
    const bar = make("progress", { "aria-label": words.working, max: String(data.of || 1) });
    if (data.of) bar.setAttribute("value", String(data.done));
    nodes.push(bar, make("p", { role: "status", text: data.of ? progress(data) : data.line }));
  } else if (data.line) nodes.push(make("p", { role: "status", text: data.line }));
  if (data.problem) nodes.push(make("p", { role: "alert", class: "problem", text: data.problem }));
  return nodes;
};

function progress({ done, of, rate, left }) {
  const parts = [`${done} ${words.of} ${of} ${words.documentsDone}`, `${rate} ${words.rate}`];
  if (left !== null) parts.push(left < 90 ? `${Math.ceil(left)} ${words.seconds} ${words.left}` : `${Math.ceil(left / 60)} ${words.minutes} ${words.left}`);
  return parts.join(" · ");
}

const table = (data) => {
  if (data.problem) return [make("p", { role: "alert", class: "problem", text: data.problem })];
  if (!data.rows) return [];
  const wanted = filter.toLowerCase();
  const rows = data.rows.filter((row) => !wanted || `${row.title} ${row.id} ${row.says} ${row.labels.map((label) => label.name).join(" ")}`.toLowerCase().includes(wanted));
  const total = `${data.documents.toLocaleString("en")} ${data.documents === 1 ? words.document : words.documents} · ${data.passages.toLocaleString("en")} ${words.passages}`;
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
  const more = make("button", { type: "button", text: `${words.more} (${Math.min(shown, rows.length)}/${rows.length} ${words.shown})` });
  more.addEventListener("click", () => {
    shown += PAGE;
    draw();
  });
  const heads = make("tr", {}, words.heads.map((text) => make("th", { scope: "col", text })));
  return [
    make("div", { class: "over" }, [make("p", {}, [make("b", { text: total }), make("span", { class: "meta", text: `${words.corpus}: ${data.corpus}` })]), box]),
    rows.length ? make("table", {}, [make("thead", {}, [heads]), body]) : make("p", { class: "empty", text: words.none }),
    rows.length > shown && more,
  ].filter(Boolean);
};

function line(row) {
  const cell = (at, children, name = "") => make("td", { "data-head": words.heads[at], class: name }, children);
  return make("tr", {}, [
    cell(0, [make("span", { class: "title", text: row.title }), row.title !== row.id && make("span", { class: "meta", text: row.id })], "what"),
    cell(1, [make("span", { class: `is is-${row.state}`, text: row.says })]),
    cell(2, row.labels.map((label) => make("span", { class: `who ${label.style}`, text: label.name }))),
    cell(3, [row.date], "date"),
    cell(4, [String(row.passages)], "number"),
    cell(5, [row.language]),
    cell(6, row.remarks.map((text) => make("span", { class: "remark", text })), "remarks"),
  ]);
}

function draw() {
  const drawing = part === "table" ? table : state;
  element.replaceChildren(...drawing(props.value ?? {}));
}

watch("value", draw);
draw();
