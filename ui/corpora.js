// Which corpus is open, and the way to the others. Runs inside Gradio's HTML component, which provides `element`, `props`
// and `watch`. Names are written with textContent only; addresses are the page's own.
const words = /*WORDS*/ {};

const said = ({ size, problem }) => make("span", { class: problem ? "meta problem" : "meta", text: problem ?? size });

function entry(corpus) {
  const name = make("span", { class: "name", text: corpus.name });
  if (!corpus.href) return make("li", { class: "shut" }, [name, said(corpus)]);
  const link = make("a", { href: corpus.href }, [name, said(corpus)]);
  if (corpus.here) link.setAttribute("aria-current", "page");
  return make("li", {}, [link]);
}

function draw() {
  const corpora = props.value?.corpora ?? [];
  const here = corpora.find((corpus) => corpus.here);
  if (!here) return;
  const was = element.querySelector("[popover]")?.matches(":popover-open");
  const list = make("nav", { id: "corpora-list", popover: "auto", "aria-label": words.region }, [make("ul", {}, corpora.map(entry))]);
  const button = make("button", { type: "button", popovertarget: "corpora-list", "aria-label": `${words.region}: ${here.name}, ${here.size ?? here.problem}` }, [
    make("span", { class: "name", text: here.name }),
    make("span", { class: "meta", text: here.problem ? "" : here.size }),
    make("span", { class: "sign", "aria-hidden": "true", text: "▾" }),
  ]);
  list.addEventListener("toggle", ({ newState }) => {
    button.setAttribute("aria-expanded", String(newState === "open"));
    if (newState === "open") list.querySelector("[aria-current]")?.focus();
  });
  button.setAttribute("aria-expanded", "false");
  element.replaceChildren(button, list);
  if (was) list.showPopover();
}

watch("value", draw);
draw();
