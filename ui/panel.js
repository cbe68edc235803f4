// The passage panel: opens what a link "#p/..." leads to. Runs once, inside Gradio's HTML component, which provides
// `element` and `server`. Everything from documents is written with textContent.
const words = /*WORDS*/ {};
const places = ":is(#chat, #table, #cards, #glance, #watched-questions)"; // where passages are cited
const phone = matchMedia("(max-width: 1099px)");
const addresses = 'a[href^="#p/"]';
const root = element.querySelector(".panel");
const block = element.closest("#reading") ?? element;
let reader = null; // the text that stands open
let calm = false; // the keyboard is being put back, which opens nothing
let state = { links: [], at: -1, opener: null, ticket: 0 };

window.parallaxPanel?.abort();
const life = (window.parallaxPanel = new AbortController());
const on = (target, name, does) => target.addEventListener(name, does, { signal: life.signal });

function button(text, name, does, properties = {}) {
  const node = make("button", { type: "button", text, "aria-label": name, title: name, ...properties });
  node.addEventListener("click", does);
  return node;
}

const number = (node) => parseInt(node.textContent) || 0;
const hrefs = (nodes) => [...new Set([...nodes].sort((one, other) => number(one) - number(other)).map((node) => node.getAttribute("href")))];
const answers = () => [...document.querySelectorAll("#chat .answer")];
const isBlind = () => document.documentElement.classList.contains("blind");
const opened = () => document.body.classList.contains("panel-open");

// ── Sources of the last answer, while no passage is open

async function sources() {
  const ticket = ++state.ticket;
  const last = answers().at(-1);
  const links = last ? hrefs(last.querySelectorAll("a.cite")) : [];
  const numbers = new Map(links.map((link) => [link, number(last.querySelector(`a.cite[href="${link}"]`))]));
  const cards = links.length && !phone.matches ? await server.cards(links) : [];
  if (ticket !== state.ticket) return;
  const documents = Map.groupBy ? [...Map.groupBy(cards, (card) => `${card.document}\n${card.labels[0].name}`).values()] : cards.map((card) => [card]);
  root.replaceChildren(
    make("h2", { text: documents.length ? `${words.sources} (${documents.length})` : words.sources }),
    ...(documents.length ? documents.map((found) => card(found, numbers)) : [make("p", { class: "empty", text: last ? words.noSources : words.empty })]),
  );
}

function card(found, numbers) {
  const { title, facts, labels } = found[0];
  const jumps = found.map(({ link, voice }) => make("a", { href: link, class: "jump", text: String(numbers.get(link)), title: [voice, title].filter(Boolean).join(" · ") }));
  return make("section", { class: `card ${labels[0].style}` }, [
    make("p", { class: labels[0].provenance ? "who lab" : "who", text: labels.map((label) => label.name).join(" / ") }),
    make("h3", { text: title }),
    make("p", { class: "meta", text: facts.join(" · ") }),
    make("p", { class: "jumps" }, jumps),
  ]);
}

// ── One passage

async function open(link, opener) {
  const ticket = ++state.ticket;
  const message = opener?.closest(".answer, .result, .side-card");
  if (message) {
    const kind = opener.classList.contains("near") ? "a.near" : "a.cite";
    state.links = hrefs(message.querySelectorAll(kind));
  } else if (!state.links.includes(link)) {
    const holder = answers().findLast((node) => hrefs(node.querySelectorAll("a.cite")).includes(link));
    state.links = holder ? hrefs(holder.querySelectorAll("a.cite")) : [link];
  }
  if (opener && !root.contains(opener)) state.opener = opener;
  // The panel stands in the tab in which it was asked for; beside Ask, it is laid over what stands there.
  const tab = opener?.closest("#sides, #glance") ?? document.querySelector("#work");
  if (opener && !root.contains(opener) && !tab.contains(block)) tab.append(block);
  state.at = state.links.indexOf(link);
  document.body.classList.add("panel-open");
  drawer(false); // the sheet would lie over it
  modal();
  mark(link);
  const wait = setTimeout(() => ticket === state.ticket && show(bar(), make("p", { class: "empty", text: words.loading })), 150);
  let data;
  try {
    data = await server.passage({ address: link, links: state.links });
  } catch {
    data = { note: words.failed };
  }
  clearTimeout(wait);
  if (ticket !== state.ticket) return;
  history.replaceState(history.state, "", link);
  draw(data);
}

function show(...nodes) {
  root.replaceChildren(...nodes);
}

function bar() {
  const many = state.links.length;
  const step = (by) => () => open(state.links[(state.at + by + many) % many], null);
  return make("div", { class: "bar" }, [
    !phone.matches && make("span", { class: "back" }, [button(`← ${words.all}`, words.all, close)]),
    many > 1 && button("‹", words.previous, step(-1), { class: "previous", "aria-keyshortcuts": "ArrowLeft" }),
    many > 1 && make("span", { class: "place", text: `${state.at + 1}/${many}` }),
    many > 1 && button("›", words.next, step(1), { class: "next", "aria-keyshortcuts": "ArrowRight" }),
    button("✕", words.close, close, { class: "close" }),
  ]);
}

function draw(data) {
  const nodes = [bar()];
  for (const label of data.labels ?? []) {
    nodes.push(make("p", { class: label.provenance ? "label lab" : "label" }, [
      make("span", { class: `badge ${label.style}`, text: label.name, title: label.means }),
      make("span", { class: "meta", text: label.provenance }),
    ]));
  }
  const title = make("h2", { tabindex: "-1", text: data.title ?? data.note });
  nodes.push(title);
  if (data.facts?.length) nodes.push(make("p", { class: "meta facts", text: data.facts.join(" · ") }));
  if (data.labels?.some((label) => label.provenance)) nodes.push(make("div", { class: "about lab" }, [reasons(data.labels), relabelling(data)]));
  if (data.note && data.title) nodes.push(make("p", { class: "note", role: "status", text: data.note }));
  if (data.stale) nodes.push(stale(data));
  reader = null;
  if (data.quote !== undefined) {
    if (data.quote) nodes.push(make("p", { class: "voice", text: data.voice }));
    reader = reading(data);
    nodes.push(reader.box);
    if (data.quote) nodes.push(tools(data));
    if (data.speakers) nodes.push(correction(data, reader));
  }
  show(...nodes);
  const quote = root.querySelector("mark");
  if (quote) reader.show(quote);
  title.focus({ preventScroll: true });
}

// Who says where a source stands, and on what words of it that rests.
function reasons(labels) {
  const said = labels.flatMap((label) => [
    make("p", {}, [make("b", { text: label.name }), label.means && make("span", { text: ` — ${label.means}` })]),
    make("p", { class: "meta", text: `${label.provenance}. ${label.quotes.length ? words.rests : words.restsOnNothing}` }),
    ...label.quotes.map((quote) => make("blockquote", { class: quote.stands ? "" : "absent" }, [
      quote.link ? make("a", { class: "near", href: quote.link, text: quote.quote }) : make("span", { text: quote.quote }),
      make("span", { class: "meta", text: ` ${quote.place}` }),
    ])),
  ]);
  return make("details", { class: "reasons", name: "about" }, [make("summary", { text: words.whyLabel }), make("div", {}, said)]);
}

function tools(data) {
  const side = () => (isBlind() ? "" : ` [${data.labels.map((label) => label.name).join(" / ")}]`);
  const box = make("div", { class: "tools" });
  const copy = (name, get) => button(name, name, async (event) => {
    const pressed = event.currentTarget;
    const wanted = get();
    try {
      await navigator.clipboard.writeText(wanted);
    } catch {
      // A page that does not come over HTTPS or from this machine may not copy.
      const field = make("textarea", { readonly: "", rows: "3", "aria-label": words.byHand, title: words.byHand });
      field.value = wanted;
      box.querySelector("textarea")?.remove();
      box.append(field);
      field.select();
      return;
    }
    pressed.textContent = words.copied;
    setTimeout(() => (pressed.textContent = name), 1500);
  });
  box.append(copy(words.copyQuote, () => data.copy + side()), copy(words.copyLink, () => location.href));
  return box;
}

// Where the panel is a sheet that covers the page, nothing behind it can be reached, by keyboard or by a screen reader.
let behind = [];
function modal() {
  for (const node of behind) node.inert = false;
  behind = [];
  const covers = phone.matches && opened();
  root.setAttribute("role", covers ? "dialog" : "complementary");
  root.toggleAttribute("aria-modal", covers);
  if (covers) root.setAttribute("aria-modal", "true");
  if (!covers) return;
  for (let node = block; node.parentElement && node !== document.body; node = node.parentElement) {
    for (const other of node.parentElement.children) {
      if (other === node || other.inert || !(other instanceof HTMLElement) || ["SCRIPT", "STYLE"].includes(other.tagName)) continue;
      other.inert = true;
      behind.push(other);
    }
  }
}

function mark(link) {
  for (const node of document.querySelectorAll(`${places} ${addresses}[aria-current]`)) node.removeAttribute("aria-current");
  if (!link) return;
  for (const node of document.querySelectorAll(`${places} ${addresses}`)) {
    if (node.getAttribute("href") === link) node.setAttribute("aria-current", "true");
  }
}

function close() {
  const link = state.links[state.at];
  document.body.classList.remove("panel-open");
  modal();
  mark(null);
  history.replaceState(history.state, "", location.pathname + location.search);
  const work = document.querySelector("#work");
  if (!work.contains(block)) work.append(block);
  // Gradio may have drawn the message anew since the passage was opened.
  const seen = (node) => node.getAttribute("href") === link && node.checkVisibility();
  const here = [...document.querySelectorAll(`${places} ${addresses}`)].filter(seen);
  const back = here.find((node) => node === state.opener) ?? here.at(-1) ?? (state.opener?.isConnected ? state.opener : null);
  calm = true;
  (back ?? document.querySelector("#box textarea"))?.focus();
  calm = false;
  state = { ...state, at: -1, opener: null };
  sources();
}

// It lies over the conversation: the keyboard goes into it, and where it leaves it, the drawer is shut.
function drawer(open) {
  document.body.classList.toggle("side-open", open);
  if (open) document.querySelector("#side button, #side input")?.focus({ preventScroll: true });
  document.querySelector("#filters")?.setAttribute("aria-expanded", String(open));
}

// Another citation that stands in the open text.
function openAlso(node, event) {
  if (event.ctrlKey || event.metaKey) window.open(node.dataset.href, "_blank", "noopener");
  else open(node.dataset.href, node);
}

// ── What the reader does

on(document, "click", (event) => {
  if (event.target.closest?.("#filters")) drawer(!document.body.classList.contains("side-open"));
  const link = event.target.closest?.(addresses);
  const also = event.target.closest?.(".text .also");
  if (also && !reader?.selection()) openAlso(also, event);
  if (link && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    open(link.getAttribute("href"), link);
  } else {
    const path = event.composedPath(); // what was pressed may be gone by now
    const within = path.some((node) => node.id === "side" || node.id === "filters");
    if (!within || path.some((node) => node.matches?.("#new, .history .opens"))) drawer(false);
  }
  if (phone.matches && opened() && event.target.matches?.("#veil")) close();
  if (opened() && block.closest("#sides, #glance") && event.target.closest?.('#tabs [role="tab"]')) close();
});
on(root, "keydown", (event) => {
  if (event.key === "Enter" && event.target.matches(".text .also")) openAlso(event.target, event);
});
on(document, "focusin", ({ target }) => target.closest?.("#side, #filters") || drawer(false));
on(document, "keydown", (event) => {
  if (event.key === "Escape" && document.body.classList.contains("side-open")) {
    drawer(false);
    document.querySelector("#filters")?.focus();
  }
  if (!opened()) return;
  if (event.key === "Escape") {
    event.preventDefault();
    close();
  } else if (["ArrowLeft", "ArrowRight"].includes(event.key) && root.contains(event.target)) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.target.closest("input, select, textarea")) return;
    root.querySelector(event.key === "ArrowLeft" ? ".bar .previous" : ".bar .next")?.click();
  } else if (event.key === "Tab" && phone.matches) {
    // The sheet covers the page: Tab stays in it.
    const stops = [...root.querySelectorAll("button, a[href], summary, input, select, textarea, [tabindex='0']")].filter((node) => node.checkVisibility() && !node.disabled);
    const edge = event.shiftKey ? stops[0] : stops.at(-1);
    if (document.activeElement === edge || !root.contains(document.activeElement)) {
      event.preventDefault();
      (event.shiftKey ? stops.at(-1) : stops[0])?.focus();
    }
  }
});
// A picture has no links: it says what is to be opened, and what gets the keyboard back.
on(document, "parallax-open", ({ detail }) => open(detail.link, detail.opener));
on(window, "hashchange", () => location.hash.startsWith("#p/") && open(location.hash, null));
on(phone, "change", () => {
  modal();
  if (!opened()) sources();
});
life.signal.addEventListener("abort", () => behind.forEach((node) => (node.inert = false)));
