// The files that were deleted in the Library. Runs inside Gradio's HTML component, which provides `element`, `props`,
// `server` and `watch`. Names are written with textContent only.
const words = /*WORDS*/ {};
const PAGE = 50;
let data = {};
let open = false;
let shown = PAGE;

function button(text, does, properties = {}) {
  const node = make("button", { type: "button", text, ...properties });
  node.addEventListener("click", does);
  return node;
}

// What was done is shown, and the keyboard stays in the list.
function show(found) {
  data = { ...data, ...found, problem: found.problem };
  draw();
  (element.querySelector(".refused") ?? element.querySelector("summary"))?.focus();
}

async function putBack(row) {
  const found = await fetched("put_back", row.path);
  show(found);
  if (!found.problem) document.querySelector("#follow")?.click();
}

async function askToDelete(row) {
  const found = await fetched("loss", row.path);
  if (found.problem) return show(found);
  const dialog = make("dialog", { class: "shelf-dialog", "aria-labelledby": "destroying" });
  const destroy = button(words.confirm, async () => {
    destroy.disabled = true;
    const done = await fetched("delete", row.path);
    dialog.close();
    show(done);
  }, { class: "danger" });
  dialog.append(
    make("h2", { id: "destroying", text: words.destroying }),
    make("p", {}, [make("span", { class: "title", text: row.path })]),
    make("ul", {}, found.says.map((text) => make("li", { text }))),
    make("div", { class: "row" }, [button(words.cancel, () => dialog.close(), { autofocus: "" }), destroy]),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return undefined;
}

const line = (row) => make("li", {}, [
  make("span", { class: "title", text: row.path }),
  make("span", { class: "meta", text: `${words.on} ${row.on} · ${row.size}` }),
  make("span", { class: "acts" }, [
    button(words.back, () => putBack(row), { "aria-label": `${words.back}: ${row.path}` }),
    button(words.delete, () => askToDelete(row), { "aria-label": `${words.delete}: ${row.path}` }),
  ]),
]);

function draw() {
  const rows = data.rows ?? [];
  const problem = data.problem && make("p", { role: "alert", class: "problem refused", tabindex: "-1", text: data.problem });
  if (!rows.length) return element.replaceChildren(...[problem].filter(Boolean));
  const list = make("details", open ? { open: "" } : {}, [
    make("summary", { text: data.files }),
    problem,
    make("ul", {}, rows.slice(0, shown).map(line)),
    rows.length > shown && button(`${words.more} (${shown}/${rows.length})`, () => {
      shown += PAGE;
      draw();
    }, { class: "more" }),
  ]);
  list.addEventListener("toggle", () => (open = list.open));
  element.replaceChildren(list);
  return undefined;
}

const fill = () => {
  const held = element.contains(document.activeElement);
  data = props.value ?? {};
  draw();
  if (held) element.querySelector("summary")?.focus(); // what had the keyboard is drawn anew
};
watch("value", fill);
fill();
