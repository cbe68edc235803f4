// Whether an answer was useful, and why. Runs once, inside Gradio's HTML component, which provides `server`.
// What readers wrote is written with textContent.
const words = /*WORDS*/ {};
// In the body: on a phone the part of the page that this component stands in is hidden, and what is in it with it.
document.querySelector("dialog.feedback")?.remove();
const dialog = make("dialog", { class: "shelf-dialog feedback" });
document.body.append(dialog);
const kept = window.parallaxConversation;
let said = {}; // what was said of each answer of the open conversation
let known = ""; // the answers for which that was asked
let about = null;

window.parallaxFeedback?.abort();
const life = (window.parallaxFeedback = new AbortController());

const idOf = (node) => node.closest(".answer")?.querySelector('.answer-end [class*="id-"]')?.className.match(/id-([0-9a-f]{12})/)?.[1];

// ── Below each answer

function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function show() {
  for (const line of document.querySelectorAll("#chat .thumbs")) {
    const one = said[idOf(line)];
    for (const button of line.querySelectorAll("button")) {
      const pressed = String(Boolean(one) && one.useful === button.classList.contains("yes"));
      if (button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed);
      if (!button.hasAttribute("aria-label")) button.setAttribute("aria-label", button.classList.contains("yes") ? words.useful : words.notUseful);
    }
    const why = one ? [one.fault && words.faults[one.fault], one.words && `“${one.words}”`].filter(Boolean).join(" · ") : "";
    write(line.querySelector(".judged"), why);
  }
}

async function look() {
  const now = `${kept.current()} ${[...document.querySelectorAll("#chat .thumbs")].map(idOf).join()}`;
  show();
  if (now === known) return;
  known = now;
  const data = await fetched("judgements", { conversation: kept.current() });
  if (now === known && data.judgements) {
    said = data.judgements;
    show();
  }
}

async function judge(answer, given) {
  const data = await fetched("judge", { conversation: kept.current(), answer, ...given });
  if (!data.note) {
    if (data.judgement) said[answer] = data.judgement;
    else delete said[answer];
    show();
  }
  return data.note;
}

// ── The reason

function open(answer, useful, opener) {
  about = { answer, useful, opener: [...document.querySelectorAll("#chat .thumbs button")].indexOf(opener) };
  const now = said[answer];
  const note = make("p", { class: "note", role: "alert" });
  const text = make("textarea", { id: "feedback-words", rows: "2", maxlength: String(words.most), placeholder: words.optional });
  text.value = now?.words ?? "";
  const faults = Object.entries(words.faults).map(([fault, name]) => {
    const box = make("input", { type: "radio", name: "fault", value: fault });
    box.checked = now?.fault === fault;
    return make("label", {}, [box, make("span", { text: name })]);
  });
  const heading = make("h2", { text: useful ? words.thanks : words.wrong, id: "feedback-heading", tabindex: "-1" });
  const form = make("form", {}, [
    heading,
    make("p", { class: "meta", text: words.stays }),
    !useful && make("fieldset", {}, [make("legend", { text: words.reason }), ...faults]),
    make("label", { for: text.id, text: words.own }),
    text,
    note,
    make("div", { class: "row" }, [
      press(words.back, () => send({ useful: null }, note)),
      press(words.close, () => dialog.close()),
      make("button", { type: "submit", class: "main", text: words.save }),
    ]),
  ]);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const fault = form.querySelector("input:checked")?.value ?? null;
    send({ useful, fault, words: text.value }, note);
  });
  dialog.setAttribute("aria-labelledby", heading.id);
  dialog.replaceChildren(form);
  if (!dialog.open) dialog.showModal();
  heading.focus();
}

function press(text, does) {
  const node = make("button", { type: "button", text });
  node.addEventListener("click", does);
  return node;
}

async function send(given, note) {
  const problem = await judge(about.answer, given);
  if (problem) note.textContent = problem;
  else dialog.close();
}

dialog.addEventListener("close", () => {
  document.querySelectorAll("#chat .thumbs button")[about?.opener]?.focus(); // Gradio may have drawn it anew
});

document.addEventListener("click", async ({ target }) => {
  const pressed = target.closest?.("#chat .thumbs button");
  const answer = pressed && idOf(pressed);
  if (!answer) return;
  const useful = pressed.classList.contains("yes");
  const before = said[answer];
  if (before?.useful !== useful) {
    const problem = await judge(answer, { useful });
    if (problem) {
      write(pressed.closest(".thumbs").querySelector(".judged"), problem);
      return;
    }
  }
  open(answer, useful, pressed);
}, { signal: life.signal });

const watcher = new MutationObserver(look);
watcher.observe(document.body, { childList: true, subtree: true });
life.signal.addEventListener("abort", () => watcher.disconnect());
look();
