// The text of an open document: a window around the quote, which grows as the reader scrolls. Goes on where panel.js ends,
// in the same function. Places are counted in characters of the document, as the server counts them.
const NEAR = 900; // pixels before an end of the window at which it grows

const numberOf = (link) => [...document.querySelectorAll(`${places} a.cite`)].filter((node) => node.getAttribute("href") === link).map(number).at(-1) || "";

// A text cut into its runs. Names and numbers are drawn by the style sheet out of attributes, which a screen reader
// reads: whatever is selected, copied or compared is the document's own text and nothing else.
function written(text, runs) {
  let at = 0;
  return runs.map((run) => {
    const node = make("span", { text: text.slice(at, (at += run.length)) });
    if (run.page) node.dataset.page = run.page;
    if (run.who) {
      node.className = `said ${run.tint}${run.starts ? " starts" : ""}${run.ends ? " ends" : ""}`;
      node.dataset.who = run.who;
    }
    if (run.link) {
      // No "a": a browser drags that away as a whole where its words are to be selected.
      const found = numberOf(run.link);
      node.classList.add("also");
      Object.assign(node, { role: "link", tabIndex: 0, title: found ? words.also.replace("{number}", found) : words.alsoHere });
      if (found) node.dataset.number = found;
      node.dataset.href = run.link;
    }
    return node;
  });
}

const characters = (text) => {
  let count = text.length;
  for (let at = 1; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 0xdc00 && unit <= 0xdfff && text.charCodeAt(at - 1) >>> 10 === 0x36) count--;
  }
  return count;
};
// How many units of UTF-16 hold the first characters of a text.
const units = (text, many) => {
  let at = 0;
  for (; many > 0 && at < text.length; many--) at += text.codePointAt(at) > 0xffff ? 2 : 1;
  return at;
};

function reading(data) {
  const all = data.runs ?? [];
  const before = all.filter((run) => run.from < data.start);
  const within = all.filter((run) => run.from >= data.start && run.from < data.end);
  const after = all.filter((run) => run.from >= Math.max(data.start, data.end));
  const quote = data.quote ? make("mark", { class: data.labels[0].style }, written(data.quote, within)) : null;
  const box = make("div", { class: "text", "data-testid": "passage", tabindex: "0", role: "region", "aria-label": words.text });
  const links = state.links;
  const earlier = button(`↑ ${words.earlier}`, words.earlier, () => grow(true));
  const later = button(`↓ ${words.later}`, words.later, () => grow(false));
  // One stretch at a time, at one end, and what is being read stays where it is. A stretch of whole lines is a block of its
  // own: those that are there already need not be laid out again.
  const stretch = (nodes, { whole }) => (whole ? [make("div", {}, nodes)] : nodes);
  let growing = null;
  function grow(back) {
    growing ??= (async () => {
      const asked = { document: data.document, hash: data.hash, at: back ? data.from : data.to, back, links };
      const more = await server.more(asked).catch(() => ({}));
      if (!more.text || !box.isConnected) return false;
      const held = [earlier, later].includes(document.activeElement);
      const rest = box.scrollHeight - box.scrollTop;
      const nodes = stretch(written(more.text, more.runs), more);
      if (back) earlier.after(...nodes);
      else later.before(...nodes);
      data[back ? "from" : "to"] = back ? more.from : more.to;
      if (data.from <= 0) earlier.remove();
      if (data.to >= data.length) later.remove();
      if (back) box.scrollTop = box.scrollHeight - rest;
      if (held && document.activeElement === document.body) box.focus({ preventScroll: true });
      for (const end of [earlier, later]) {
        ends.unobserve(end); // so that one which is near again is told again
        if (end.isConnected) ends.observe(end);
      }
      return true;
    })().finally(() => (growing = null));
    return growing;
  }
  const ends = new IntersectionObserver(
    (seen) => {
      const near = seen.find((entry) => entry.isIntersecting && entry.target.isConnected);
      if (near) grow(near.target === earlier);
    },
    { root: box, rootMargin: `${NEAR}px 0px` },
  );
  life.signal.addEventListener("abort", () => ends.disconnect());

  function* pieces() {
    const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!node.parentElement.closest("button")) yield node;
    }
  }
  function placeOf(node, offset) {
    let place = data.from;
    const point = document.createRange();
    point.setStart(node, offset);
    for (const piece of pieces()) {
      if (piece === node) return place + characters(piece.data.slice(0, offset));
      if (point.comparePoint(piece, 0) >= 0) return place; // it lies between two pieces
      place += characters(piece.data);
    }
    return place;
  }
  const reader = {
    box,
    data,
    // What is selected of this text, as a range of the page; null where that is nothing, or not of this text alone.
    selection() {
      const chosen = getSelection();
      const range = chosen.rangeCount && !chosen.isCollapsed ? chosen.getRangeAt(0) : null;
      return range && box.contains(range.startContainer) && box.contains(range.endContainer) ? range.cloneRange() : null;
    },
    // A range of the page as places.
    stretch(range) {
      return { start: placeOf(range.startContainer, range.startOffset), end: placeOf(range.endContainer, range.endOffset) };
    },
    // Places as a range of the page; null where they are not all in the window.
    range({ start, end }) {
      if (start < data.from || end > data.to) return null;
      const range = document.createRange();
      let place = data.from;
      let begun = false;
      for (const piece of pieces()) {
        const length = characters(piece.data);
        if (!begun && start < place + length) {
          range.setStart(piece, units(piece.data, start - place));
          begun = true;
        }
        if (begun && end <= place + length) {
          range.setEnd(piece, units(piece.data, end - place));
          return range;
        }
        place += length;
      }
      return null;
    },
    // Let the window reach as far as a stretch does.
    async reach({ start, end }) {
      while (start < data.from && (await grow(true)));
      while (end > data.to && (await grow(false)));
    },
    // Bring a part of the text into view, with some of what stands before it.
    show(part) {
      const place = part.getBoundingClientRect();
      const room = box.getBoundingClientRect();
      box.scrollTop += place.top - room.top - Math.max(24, (box.clientHeight - place.height) / 3);
    },
    isSeen(part) {
      const place = part.getBoundingClientRect();
      const room = box.getBoundingClientRect();
      return place.top >= room.top && Math.min(place.bottom, place.top + room.height - 40) <= room.bottom;
    },
  };
  const first = [...written(data.before, before), quote, ...written(data.after, after)].filter(Boolean);
  box.append(...[data.from > 0 && earlier, ...stretch(first, data), data.to < data.length && later].filter(Boolean));
  // Only once the quote has been brought into view: before, the beginning of the window is.
  requestAnimationFrame(() => [earlier, later].forEach((end) => end.isConnected && ends.observe(end)));
  return reader;
}
