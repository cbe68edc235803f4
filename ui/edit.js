// A question asked otherwise: its words go back into the box, and sending them takes its place. Goes on where chat.js ends,
// in the same function, and ends it.

let editing = null; // the number of the question, from 0, and what stood in the box
const saying = () => document.querySelector("#editing p");
const entry = () => document.querySelector("#box textarea");
const rows = () => [...document.querySelectorAll("#chat .user-row")];

// Each question has a button; Gradio draws the rows anew, and then they get new ones.
function editable() {
  rows().forEach((row, at) => {
    const name = words.editing.edit.replace("{number}", at + 1);
    const there = row.querySelector(".pen");
    if (there?.getAttribute("aria-label") === name) return;
    there?.remove();
    const pen = make("button", { type: "button", class: "pen", "aria-label": name, title: name, text: "✎" });
    pen.addEventListener("click", () => edit(at));
    row.append(pen);
  });
}

function put(text) {
  const box = entry();
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

function edit(at) {
  if (document.querySelector('#chat [role="log"]').getAttribute("aria-busy") === "true") return;
  const said = at === rows().length - 1 ? words.editing.last : words.editing.earlier;
  const kept = document.body.classList.contains("keeps") ? ` ${words.editing.kept}` : "";
  editing = { at, before: editing ? editing.before : entry().value };
  saying().textContent = `${said.replace("{number}", at + 1)}${kept}`;
  document.body.classList.add("editing");
  put(rows()[at].querySelector('[data-testid="user"]').innerText.trim());
  entry().focus();
  entry().setSelectionRange(entry().value.length, entry().value.length);
}

// Returns which question was being edited; what stood in the box before stands there again.
function leave() {
  const { at, before } = editing;
  end();
  put(before);
  return at;
}

function end() {
  editing = null;
  document.body.classList.remove("editing");
  saying().textContent = "";
}

function cancel() {
  const at = leave();
  document.querySelectorAll("#chat .pen")[at]?.focus();
}

// Called when a question is sent, with its words.
function sends(text) {
  if (!editing || !String(text ?? "").trim()) return;
  window.parallaxConversation.otherwise(editing.at);
  end();
}
window.parallaxEdit = { sends };

on(document, "click", ({ target }) => editing && target.closest?.("#editing button") && cancel());
on(document, "keydown", (event) => {
  if (event.key !== "Escape" || !editing || !event.target.closest?.("#box, #editing")) return;
  event.preventDefault();
  cancel();
});
// Whatever else asks a question, or shows another conversation, ends it.
on(document, "click", ({ target }) => editing && target.closest?.("#new, #history .opens, #chat :is(.example, .lift, .as-typed, .next button, .message-buttons button)") && leave());

const watcher = new MutationObserver(look);
watcher.observe(document.body, { childList: true, subtree: true });
life.signal.addEventListener("abort", () => watcher.disconnect());

look();
if (!phone.matches) document.querySelector("#box textarea")?.focus();
if (location.hash.startsWith("#p/")) open(location.hash, null);
