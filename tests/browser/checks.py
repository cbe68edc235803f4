"""A page in, what is wrong about it for somebody out; each of these must find nothing in any state of the page."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Rules of good practice beside those of WCAG; what axe-core cannot decide by itself is no violation.
OPTIONS = {"resultTypes": ["violations"]}


def violations(page: Page) -> list[str]:
    """What axe-core finds on the page as it is: the rule, and where."""
    page.wait_for_function(
        "document.getAnimations().every((one) => one.playState !== 'running' || one.effect.getTiming().iterations === Infinity)"
    )
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:300]}"
        for rule in found
        for node in rule["nodes"]
    ]


def in_both_schemes(page: Page) -> dict[str, list[str]]:
    """What axe-core finds in the light scheme and in the dark one, where it finds something."""
    found: dict[str, list[str]] = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.evaluate("dark => document.body.classList.toggle('dark', dark)", scheme == "dark")
        if here := violations(page):
            found[scheme] = here
    return found


# Scripts scroll smoothly past the style sheet.
SMOOTH = """() => {
  window.smoothly = [];
  for (const [owner, name] of [[Element.prototype, "scrollIntoView"], [Element.prototype, "scrollTo"], [Element.prototype, "scrollBy"], [window, "scrollTo"], [window, "scrollBy"]]) {
    const does = owner[name];
    owner[name] = function (...given) {
      if (given.some((one) => one?.behavior === "smooth")) window.smoothly.push(name);
      return does.apply(this, given);
    };
  }
}"""

MOVES = """() => {
  const still = (text) => text.split(",").every((one) => parseFloat(one) === 0);
  const moving = [...document.querySelectorAll("*")].flatMap((node) => [null, "::before", "::after"].map((part) => {
    const style = getComputedStyle(node, part);
    if (part && ["none", "normal"].includes(style.content)) return null;
    const runs = style.animationName !== "none" && !still(style.animationDuration);
    const changes = style.transitionProperty !== "none" && !still(style.transitionDuration);
    return runs || changes || style.scrollBehavior === "smooth" ? node.outerHTML.slice(0, 100) + (part ?? "") : null;
  })).filter(Boolean);
  return [...moving, ...document.getAnimations().map((one) => `runs: ${one.effect.target?.outerHTML.slice(0, 100)}`)];
}"""


def moving(page: Page) -> list[str]:
    """What moves, or has scrolled smoothly since `SMOOTH` began to listen."""
    return [*page.evaluate(MOVES), *page.evaluate("window.smoothly ?? []")]


# A window of 1280 by 800 at 200 %, and at 400 %: WCAG asks for 320 pixels.
ENLARGED = ((640, 400), (320, 256))


def sideways(page: Page, size: tuple[int, int]) -> list[str]:
    """What is lost beside a window of this size."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.wait_for_timeout(300)  # plots are drawn anew for the new width
    lost = page.evaluate(BESIDE)
    return [*lost, "the page itself"] if page.evaluate("document.documentElement.scrollWidth") > size[0] else lost


# What stands outside of the window sideways and can be seen nowhere by scrolling.
BESIDE = """() => [...document.querySelectorAll("body *")].filter((node) => {
  if (!node.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || !node.textContent.trim() || node.children.length) return false;
  const { left, right, width, height } = node.getBoundingClientRect();
  if (width < 2 || height < 2 || (right <= innerWidth + 1 && left >= -1)) return false;
  for (let one = node; one; one = one.parentElement) {
    const style = getComputedStyle(one);
    if (["auto", "scroll"].includes(style.overflowX) && one.scrollWidth > one.clientWidth) return false;
    if (style.clipPath !== "none" || style.position === "absolute" && one.getBoundingClientRect().width < 2) return false;
  }
  return true;
}).map((node) => node.outerHTML.slice(0, 120))"""


def tree(page: Page) -> list[dict[str, Any]]:
    """What Chromium tells a screen reader: role, name, and the level of a heading, in reading order."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [
        {
            "role": node["role"]["value"],
            "name": node.get("name", {}).get("value", ""),
            **{one["name"]: one["value"].get("value") for one in node.get("properties", []) if one["name"] == "level"},
        }
        for node in nodes
        if not node.get("ignored")
    ]


LANDMARKS = ("complementary", "region", "navigation", "dialog", "search", "log")
# A dialog, and the sheet of a phone, begin anew below a heading of the first level.
HEADINGS = """() => {
  const modal = document.querySelector('dialog[open], [role="dialog"][aria-modal="true"]');
  return [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
    .filter((node) => node.checkVisibility({ visibilityProperty: true }) && !node.closest("[inert]") && (!modal || modal.contains(node)))
    .map((node, index) => (modal && !index ? 1 : Number(node.tagName[1])));
}"""


def disorder(page: Page) -> list[str]:
    """Headings that leave out a level, landmarks without a name, and what there must be once."""
    levels = page.evaluate(HEADINGS)
    pairs = zip([0, *levels], levels, strict=False)
    told = tree(page)
    roles = [node["role"] for node in told]
    found = [f"level {other} after {one}" for one, other in pairs if other > one + 1]
    found += [f"{node['role']} without a name" for node in told if node["role"] in LANDMARKS and not node["name"]]
    if "dialog" not in roles:  # what a dialog covers is not there
        found += [f"{roles.count('main')} mains"] * (roles.count("main") != 1)
        found += [f"{levels.count(1)} first headings"] * (levels.count(1) != 1)
    return found
