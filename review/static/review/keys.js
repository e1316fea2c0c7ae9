// Everything on the desk has a key. A key clicks what carries it, so keys can do nothing that the pointer cannot.
import { step } from "./atoms.js";
import { choose } from "./list.js";
import { closeBoxes } from "./panes.js";

// Nobody can have read in less (milliseconds) what has just been painted.
const SETTLE = 400;
let shownAt = performance.now();
const isFresh = () => performance.now() - shownAt < SETTLE;

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "item") return;
  shownAt = Infinity;
  requestAnimationFrame(() => requestAnimationFrame(() => (shownAt = performance.now())));
});

// A key or a second click that was meant for the last item must not decide the one in its place.
document.addEventListener("click", (event) => {
  if (!event.target.closest?.("#item .decide button") || !isFresh()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, { capture: true });

const isTyping = (target) => target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
const isBusy = () => document.querySelector("#item.htmx-request, #item .htmx-request, .toasts .htmx-request");

// Mails that were given to colleagues are passed by; they can be opened by hand.
function move(step) {
  const rows = [...document.querySelectorAll(".row")];
  const here = rows.findIndex((row) => row.hasAttribute("aria-current"));
  const onward = step > 0 ? rows.slice(here + 1) : rows.slice(0, Math.max(here, 0)).reverse();
  const next = onward.find((row) => !row.hasAttribute("data-theirs"));
  if (!next) return;
  next.scrollIntoView({ block: "nearest" });
  next.click();
}

function press(key) {
  const carried = `[data-key="${CSS.escape(key)}"]`;
  // What is open goes before what stands on every page.
  const carriers = [...document.querySelectorAll(`#item ${carried}`), ...document.querySelectorAll(carried)];
  // On a narrow screen some buttons stand behind the three dots; their keys count all the same.
  const isThere = (one) => one.checkVisibility() || one.closest(".buttons")?.checkVisibility();
  const carrier = carriers.find((one) => isThere(one) && !one.closest("[inert]"));
  if (!carrier || isBusy()) return false;
  if (carrier.matches("input")) carrier.focus();
  else carrier.click();
  return true;
}

function escape(target) {
  const menu = document.querySelector(".menu[open]");
  if (menu) menu.open = false;
  else if (!closeBoxes()) target.blur?.();
  else target.blur?.();
}

const ACTS = {
  j: () => move(1),
  k: () => move(-1),
  x: () => choose(),
  "]": () => step(1),
  "[": () => step(-1),
  "?": () => document.getElementById("help")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (document.querySelector("dialog[open]")) return;
  if (key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = target.closest?.("#item form");
    if (form && !event.repeat && !isBusy()) form.requestSubmit();
    return;
  }
  if (key === "Escape") return escape(target);
  const isAltGraph = event.getModifierState?.("AltGraph") && "[]".includes(key);
  if ((!isAltGraph && (event.ctrlKey || event.metaKey || event.altKey)) || event.repeat || isTyping(target)) return;
  if (document.body.dataset.keys === "off") return;
  if (Object.hasOwn(ACTS, key)) ACTS[key]();
  else if (key.length !== 1 || !press(key)) return;
  event.preventDefault();
});
