
// ── A small card with the quote behind a citation. It comes by mouse or keyboard, stays while it is pointed at, and goes
// with Escape (WCAG 1.4.13). Goes on where panel.js ends, in the same function.
const citations = `${places} a:is(.cite, .near)[href^="#p/"], .panel a:is(.jump, .near)[href^="#p/"], .panel .also`;
const PATIENCE = 250; // milliseconds before it comes, and before it goes
document.querySelector("#preview")?.remove();
const preview = make("div", { id: "preview", role: "tooltip", hidden: "" });
(document.querySelector("main") ?? document.body).append(preview); // axe-core: everything stands within a landmark
let about = null; // the link whose quote is shown
let waiting = 0;

function hidePreview() {
  clearTimeout(waiting);
  if (about?.title === "" && about.dataset.title) about.title = about.dataset.title;
  about?.removeAttribute("aria-describedby");
  about = null;
  preview.hidden = true;
}

function previewSoon(link) {
  clearTimeout(waiting);
  if (link === about || link.hasAttribute("aria-current")) return;
  waiting = setTimeout(() => showPreview(link), PATIENCE);
}

async function showPreview(link) {
  const ticket = waiting;
  const data = await server.peek(link.getAttribute("href") ?? link.dataset.href).catch(() => null);
  if (ticket !== waiting || !data || !link.isConnected || link.hasAttribute("aria-current")) return;
  hidePreview();
  about = link;
  preview.replaceChildren(
    ...(data.labels ?? []).map((label) => make("p", { class: `who ${label.style}${label.provenance ? " lab" : ""}`, text: label.name })),
    make("p", { class: "voice", text: data.voice ?? "" }),
    make("blockquote", { text: data.quote ?? "" }),
    make("p", { class: "meta", text: [data.title, ...(data.facts ?? [])].filter(Boolean).join(" · ") }),
    make("p", { class: "note", text: data.note ?? "" }),
  );
  for (const node of [...preview.children]) if (!node.textContent) node.remove();
  preview.hidden = false;
  if (link.title) link.dataset.title = link.title; // the browser would lay its own card over this one
  link.title = "";
  link.setAttribute("aria-describedby", "preview");
  const place = link.getBoundingClientRect();
  const { width, height } = preview.getBoundingClientRect();
  const below = place.bottom + 4 + height <= innerHeight;
  preview.style.left = `${Math.max(8, Math.min(place.left, innerWidth - width - 8))}px`;
  preview.style.top = `${Math.max(8, below ? place.bottom + 4 : place.top - 4 - height)}px`;
}

on(document, "pointerover", ({ target, pointerType }) => {
  if (pointerType !== "mouse") return;
  const link = target.closest?.(citations);
  if (link) previewSoon(link);
  else if (preview.contains(target)) clearTimeout(waiting);
  else {
    clearTimeout(waiting);
    if (about && document.activeElement !== about) waiting = setTimeout(hidePreview, PATIENCE);
  }
});
on(document, "focusin", ({ target }) => {
  if (target !== about) hidePreview(); // the card of the one before might lie over this one
  if (target.matches(citations) && target.matches(":focus-visible") && !calm) previewSoon(target);
});
on(document, "click", ({ target }) => preview.contains(target) || hidePreview());
on(window, "resize", hidePreview);
document.addEventListener("scroll", ({ target }) => preview.contains(target) || hidePreview(), { capture: true, passive: true, signal: life.signal });
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || preview.hidden) return;
  event.preventDefault();
  event.stopImmediatePropagation(); // what is open stays open
  hidePreview();
}, { capture: true, signal: life.signal });
const redrawn = new MutationObserver(() => about && !about.isConnected && hidePreview());
redrawn.observe(document.body, { childList: true, subtree: true });
life.signal.addEventListener("abort", () => redrawn.disconnect());
