// What a reader corrects beside the open text: its label, and who speaks in which words. It is written into the owner's
// labels file, with name and date, and can be taken back. Goes on where text.js ends, in the same function.
const NAME = "parallax-name"; // as on the cards

const field = (text, node) => make("label", { class: "field" }, [make("span", { text }), node]);
const here = () => state.links[state.at] ?? location.hash;

function named() {
  const by = make("input", { type: "text", maxlength: "80", autocomplete: "name" });
  by.value = window.parallaxKept.get(NAME) ?? "";
  by.addEventListener("input", () => window.parallaxKept.set(NAME, by.value));
  return by;
}

function choice(type, name, text, checked, properties = {}) {
  const box = make("input", { type, name, ...properties });
  box.checked = checked;
  return [box, make("label", { class: "choice" }, [box, make("span", { text })])];
}

// A change is sent; then the passage is opened anew, as it is now, and what became of it is said where it was made.
async function send(name, given, outcome, again) {
  outcome.replaceChildren(words.saving);
  const answer = await fetched(name, given);
  if (!root.contains(outcome)) return;
  if (answer.problem) {
    outcome.replaceChildren(answer.problem);
    return;
  }
  if (answer.others) document.querySelector("#labels-changed")?.click(); // the filters offer other perspectives
  window.dispatchEvent(new Event("parallax-labels"));
  const kept = root.querySelector(again)?.dataset.target;
  await open(here(), null);
  const form = root.querySelector(again);
  if (!form) return;
  if (kept) form.dataset.target = kept;
  form.open = true;
  const said = form.querySelector(".outcome");
  said.replaceChildren(make("span", { text: answer.said }));
  if (answer.undo) said.append(" ", button(words.undo, words.undo, () => send("undo", { key: answer.undo }, said, again), { class: "undo" }), " ", make("span", { class: "meta", text: words.undoUntil }));
  form.querySelector("summary").focus({ preventScroll: true });
}

// ── Where the document stands

function relabelling(data) {
  const outcome = make("p", { class: "outcome", role: "status" });
  const rest = make("div", {});
  const node = make("details", { class: "relabel", name: "about" }, [make("summary", { text: words.wrongLabel }), make("form", {}, [outcome, rest])]);
  node.addEventListener("toggle", async () => {
    if (!node.open || rest.firstChild) return;
    rest.replaceChildren(make("p", { class: "meta", text: words.looking }));
    const found = await fetched("standing", { document: data.document });
    rest.replaceChildren(...(found.problem ? [make("p", { class: "note", text: found.problem })] : standing(found)));
  });
  function standing(found) {
    const boxes = found.sides.map((side) => [side, ...choice("checkbox", "side", side.name, side.chosen)]);
    for (const [side, , label] of boxes) label.className += ` who ${side.style}`;
    const by = named();
    const [, only] = choice("radio", "scope", words.onlyThis, true);
    const [wide, also] = choice("radio", "scope", found.alike, false);
    const leave = button(words.labelCard, words.labelCard, cards);
    node.querySelector("form").onsubmit = (event) => {
      event.preventDefault();
      const perspectives = boxes.filter(([, box]) => box.checked).map(([side]) => side.id);
      send("relabel", { document: data.document, perspectives, alike: wide.checked, by: by.value.trim() || null }, outcome, ".relabel");
    };
    if (!boxes.length) return [make("p", { class: "meta", text: words.noSides }), make("p", { class: "row" }, [leave])];
    return [
      make("fieldset", {}, [make("legend", { text: words.choose }), ...boxes.map(([, , label]) => label)]),
      found.alike && make("fieldset", {}, [make("legend", { text: words.scope }), only, also]),
      make("p", { class: "meta", text: words.writes }),
      make("div", { class: "row last" }, [field(words.by, by), make("button", { type: "submit", text: words.save }), leave]),
    ].filter(Boolean);
  }
  return node;
}

function cards() {
  close();
  // On a phone Gradio keeps further tabs in a menu, whose entries are there all the time.
  const is = (node) => node.textContent.trim() === words.sides;
  const tab = [...document.querySelectorAll('#tabs [role="tab"]')].find((node) => is(node) && node.checkVisibility());
  (tab ?? [...document.querySelectorAll("#tabs .overflow-dropdown button")].find(is))?.click();
}

// ── Who speaks in which words

function correction(data, reader) {
  const quote = data.quote ? { start: data.start, end: data.end } : null;
  let target = quote;
  const outcome = make("p", { class: "outcome", role: "status" });
  const shown = make("blockquote", { class: "target", "aria-live": "polite" });
  const speaker = make("input", { type: "text", list: "speakers", maxlength: "80", autocomplete: "off" });
  const by = named();
  const [, isAuthor] = choice("radio", "who", words.isAuthor, false, { value: "author" });
  const [somebody, isNamed] = choice("radio", "who", words.isNamed, true, { value: "named" });
  const [, isUnclear] = choice("radio", "who", words.isUnclear, false, { value: "unclear" });
  const [, direct] = choice("radio", "how", words.direct, true);
  const [reported, indirect] = choice("radio", "how", words.indirect, false);
  const whose = make("div", { class: "whose" }, [
    field(words.speaker, speaker),
    make("datalist", { id: "speakers" }, data.speakers.map((name) => make("option", { value: name }))),
    make("fieldset", {}, [make("legend", { text: words.how }), direct, indirect]),
  ]);
  const stepping = (text, to, name = text) => button(text, name, () => step(to));
  const steps = make("div", { class: "row", role: "group", "aria-label": words.steps }, [
    stepping(`‹ ${words.sentence}`, "previous", words.previousSentence),
    stepping(`${words.sentence} ›`, "next", words.nextSentence),
    stepping(words.more, "more"),
    stepping(words.less, "less"),
    quote && button(words.theQuote, words.theQuote, () => aim(quote)),
  ]);
  const form = make("form", {}, [
    outcome,
    make("p", { class: "meta", text: words.target }),
    shown,
    steps,
    make("p", { class: "meta", text: words.select }),
    make("fieldset", { class: "people" }, [make("legend", { text: words.whoSpeaks }), isNamed, isAuthor, isUnclear]),
    whose,
    make("div", { class: "row last" }, [field(words.by, by), make("button", { type: "submit", text: words.save })]),
  ]);
  const node = make("details", { class: "fix", name: "about" }, [make("summary", { text: words.wrong }), form]);
  const wordsOf = () => (target && reader.range(target)?.toString()) || "";

  function aim(next, follow = true) {
    target = next;
    node.dataset.target = next ? `${next.start}-${next.end}` : "";
    const range = node.open && next ? reader.range(next) : null;
    const said = range?.toString() ?? "";
    shown.textContent = said.length > 150 ? `${said.slice(0, 90).replace(/\s+\S*$/, "")} … ${said.slice(-50).replace(/^\S*\s+/, "")}` : said;
    // Marked without touching the text: a quote stays one element, and a selection stays where it is.
    if (CSS.highlights) range ? CSS.highlights.set("target", new Highlight(range)) : CSS.highlights.delete("target");
    if (range && follow && !reader.isSeen(range)) reader.show(range);
  }
  async function step(to) {
    const from = target ?? { start: data.from, end: data.from + 1 };
    const next = await fetched("reach", { document: data.document, hash: data.hash, ...from, step: to });
    if (!root.contains(node)) return;
    outcome.replaceChildren(next.problem ?? "");
    if (next.problem) return;
    await reader.reach(next);
    if (root.contains(node)) aim({ start: next.start, end: next.end });
  }
  let settled;
  let chosen = null; // a press of a button may take the selection away before it has settled
  const selecting = () => {
    if (!root.contains(node)) return document.removeEventListener("selectionchange", selecting);
    chosen = reader.selection() ?? chosen;
    clearTimeout(settled);
    settled = setTimeout(() => {
      const next = chosen && root.contains(node) ? reader.stretch(chosen) : null;
      chosen = null;
      if (next && next.start < next.end) aim(next, false);
    }, 120);
  };
  document.addEventListener("selectionchange", selecting, { signal: life.signal });
  reader.box.addEventListener("keydown", (event) => {
    const to = { ArrowRight: "more", ArrowLeft: "less", ArrowDown: "next", ArrowUp: "previous" }[event.key];
    if (!to || !event.shiftKey || event.ctrlKey || event.altKey || event.metaKey || !node.open) return;
    if (reader.selection()) return; // the browser makes it longer or shorter
    event.preventDefault();
    step(to);
  });
  node.addEventListener("toggle", async () => {
    const [start, end] = (node.dataset.target || "").split("-").map(Number);
    if (node.open && end) {
      await reader.reach({ start, end });
      target = { start, end };
    }
    aim(target);
  });
  form.addEventListener("change", () => (whose.hidden = !somebody.checked));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const who = form.elements.who.value;
    const given = { document: data.document, hash: data.hash, ...target, words: wordsOf(), who, speaker: speaker.value, indirect: reported.checked, by: by.value.trim() || null };
    send("correct", given, outcome, ".fix");
  });
  return node;
}

// ── A file that is newer than the index

function stale(data) {
  const outcome = make("span", { class: "outcome", role: "status", text: data.stale });
  const update = button(words.update, words.update, async () => {
    update.disabled = true;
    outcome.textContent = words.updating;
    const answer = await fetched("reindex", null);
    if (!root.contains(outcome)) return;
    update.disabled = false;
    outcome.textContent = answer.problem ?? answer.said;
    if (!answer.problem) open(here(), null);
  });
  return make("p", { class: "note stale" }, [outcome, " ", update]);
}
