// Questions that go on from the last answer. They stand below everything in the conversation, so that nothing moves when
// they come. Runs once, inside Gradio's HTML component, which provides `server`. Data is written with textContent.
const words = /*WORDS*/ {};
const known = new Map(); // what was found for an answer: Gradio draws the conversation anew, and a reader comes back
const WAITS = [1000, 1500, 2000, 2000]; // milliseconds until it is asked again
let wanted = ""; // what was pressed, for Gradio's own button
let shown = null; // the answer below which they stand, as its key

window.parallaxNext?.abort();
const life = (window.parallaxNext = new AbortController());
life.question = () => wanted;

// What the last answer is to, and what it cites; null while it is being written.
function last() {
  const answer = [...document.querySelectorAll("#chat .answer")].at(-1);
  const of = answer?.querySelector(".answer-end") && answer.querySelector(".onward");
  const address = [...(of?.classList ?? [])].find((name) => name.startsWith("t/"));
  if (!address) return null;
  const cited = [...new Set([...answer.querySelectorAll("a.cite")].map((link) => link.getAttribute("href")))];
  return { address: `#${address}`, cited, row: answer.closest(".bot-row") };
}

function look() {
  const answer = last();
  const key = answer && `${answer.address} ${answer.cited.join(" ")}`;
  const there = document.querySelector("#chat .next");
  if (there && (key !== shown || there.previousElementSibling === null)) there.remove();
  if (!answer?.row) return;
  if (!known.has(key)) find(key, answer);
  else if (known.get(key).length && !document.querySelector("#chat .next")) draw(key, answer.row);
}

async function find(key, { address, cited }) {
  known.set(key, []); // being looked for
  for (const wait of WAITS) {
    let found;
    try {
      found = await server.after({ address, cited });
    } catch {
      break; // they are a courtesy; whether Parallax still runs, the next question says
    }
    if (found) {
      known.set(key, found);
      return look();
    }
    // Too many look for theirs at the moment.
    await new Promise((done) => setTimeout(done, wait));
    if (life.signal.aborted) return;
  }
  known.delete(key); // a later look asks again
}

function draw(key, row) {
  const entries = known.get(key).map((question) => {
    const button = make("button", { type: "button", text: question });
    button.addEventListener("click", () => ask(question));
    return make("li", {}, [button]);
  });
  const heading = make("h2", { text: words.heading });
  row.parentElement.append(make("section", { class: "next", "aria-label": words.heading }, [heading, make("ul", {}, entries)]));
  shown = key;
}

function ask(question) {
  wanted = question;
  document.querySelector("#ask-next").click();
  const log = document.querySelector('#chat [role="log"]');
  log.tabIndex = -1; // the button goes away, and the keyboard goes on from here
  log.focus({ preventScroll: true });
}

const watcher = new MutationObserver(look);
watcher.observe(document.body, { childList: true, subtree: true });
life.signal.addEventListener("abort", () => watcher.disconnect());
look();
