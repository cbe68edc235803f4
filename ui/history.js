// Earlier conversations: listed, searched, opened, renamed, deleted, exported. Runs once, inside Gradio's HTML
// component, which provides `element` and `server`. Everything that was asked or answered is written with textContent.
const words = /*WORDS*/ {};
const root = element.querySelector(".history");
const list = root.querySelector("ul");
const note = root.querySelector(".note");
const box = root.querySelector("input");
const kept = window.parallaxConversation;

window.parallaxHistory?.abort();
const life = (window.parallaxHistory = new AbortController());
const on = (target, name, does) => target.addEventListener(name, does, { signal: life.signal });

function button(text, name, does, properties = {}) {
  const node = make("button", { type: "button", text, "aria-label": name, ...properties });
  node.addEventListener("click", () => does(node));
  return node;
}

let ticket = 0;
async function refresh() {
  const mine = ++ticket;
  const search = box.value.trim();
  const data = await fetched("conversations", { ids: kept.known(), search });
  if (mine !== ticket) return;
  const there = data.conversations ?? [];
  note.textContent = data.note || (there.length ? "" : search ? words.notFound : words.none);
  document.body.classList.toggle("keeps", Boolean(data.keeps));
  list.replaceChildren(...there.map(entry));
}

function entry({ id, title, changed, questions, found }) {
  const row = make("li", id === kept.current() ? { class: "open" } : {});
  row.dataset.id = id;
  const opens = button(title, title, () => open(id), { class: "opens" });
  if (id === kept.current()) opens.setAttribute("aria-current", "true");
  const facts = `${changed.slice(0, 10)} · ${questions} ${questions === 1 ? words.question : words.questions}`;
  row.append(
    opens,
    make("p", { class: "meta", text: facts }),
    ...(found ? [make("p", { class: "meta found", text: found })] : []),
    make("p", { class: "does" }, [
      button(words.rename, `${words.rename}: ${title}`, () => rename(row, id, title)),
      button(words.delete, `${words.delete}: ${title}`, (pressed) => remove(pressed, id, title)),
    ]),
  );
  return row;
}

function open(id) {
  kept.open(id);
  document.querySelector("#reopen").click();
  refresh();
}

function rename(row, id, title) {
  const field = make("input", { type: "text", maxlength: "200", "aria-label": words.title });
  field.value = title;
  let done = false;
  const end = async (save) => {
    if (done) return;
    done = true;
    if (save && field.value.trim() && field.value !== title) await fetched("rename", { id, title: field.value });
    await refresh();
    [...list.querySelectorAll(".opens")].find((node) => node.closest("li").dataset.id === id)?.focus();
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") end(true);
    if (event.key === "Escape") end(false);
    event.stopPropagation();
  });
  field.addEventListener("blur", () => end(true));
  row.replaceChildren(field);
  field.focus();
  field.select();
}

async function remove(pressed, id, title) {
  if (!pressed.classList.contains("sure")) {
    pressed.classList.add("sure");
    pressed.textContent = words.sure;
    pressed.setAttribute("aria-label", `${words.sure}: ${title}`);
    return;
  }
  const { note: problem } = await fetched("remove", { id });
  if (!problem) {
    kept.forget(id);
    if (id === kept.current()) document.querySelector("#new").click();
  }
  await refresh();
  if (problem) note.textContent = problem;
  box.focus();
}

// ── Files

async function save(answer, ending) {
  const data = await fetched("files", { conversation: kept.current(), answer, ending });
  if (!data.content) {
    note.textContent = data.note ?? words.notSaved;
    return;
  }
  const bytes = Uint8Array.from(atob(data.content), (one) => one.charCodeAt(0));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  link.download = answer ? `${words.file}.${ending}` : `${words.files}.zip`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

on(document, "click", ({ target }) => {
  if (target.closest?.("#new")) {
    refresh(); // by the time that the list is there, no conversation is open
  }
  const pressed = target.closest?.("#chat .save button");
  if (!pressed) return;
  const end = pressed.closest(".answer").querySelector('.answer-end [class*="id-"]');
  const id = end?.className.match(/id-([0-9a-f]{12})/)?.[1];
  const ending = pressed.className.match(/save-(md|html|json)/)?.[1];
  if (id && ending) save(id, ending);
  else note.textContent = words.notSaved;
});
for (const node of root.querySelectorAll("[data-file]")) on(node, "click", () => save(null, node.dataset.file));

let waiting;
on(box, "input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, 200);
});

// An answer that has ended is in the list; one that the reader has left ends without being shown.
on(document, "parallax-filled", refresh);
let ends = "";
const watcher = new MutationObserver(() => {
  const now = [...document.querySelectorAll("#chat .answer-end span")].map((node) => node.className).join();
  if (now === ends) return;
  ends = now;
  refresh();
});
watcher.observe(document.body, { childList: true, subtree: true });
life.signal.addEventListener("abort", () => watcher.disconnect());
refresh();
