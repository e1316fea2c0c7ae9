// Everything on the desk has a key. A key clicks what carries it, so keys can do nothing that the pointer cannot.
import { step } from "./atoms.js";
import { choose } from "./list.js";
import { closeBoxes } from "./panes.js";
import { tell } from "./toast.js";

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

const rowsNow = () => [...document.querySelectorAll(".row")];

function move(step) {
  const rows = rowsNow();
  const here = rows.findIndex((row) => row.hasAttribute("aria-current"));
  openFirst(step > 0 ? rows.slice(here + 1) : rows.slice(0, Math.max(here, 0)).reverse(), step);
}

// Mails that were given to colleagues are passed by; they can be opened by hand.
function openFirst(rows, step) {
  const next = rows.find((row) => !row.hasAttribute("data-theirs"));
  if (!next) return turn(step);
  next.scrollIntoView({ block: "nearest" });
  if (document.activeElement.matches("[data-submits]")) document.activeElement.blur();
  next.click();
}

// The rows on which one was before these, by their addresses.
const before = [];
let isTurning = false;

// Where the rows end, those behind them take their place; upwards those on which one was before.
async function turn(step) {
  const list = document.getElementById("queue-rows");
  const link = list?.querySelector(step > 0 ? ".more[data-later]" : ".more[data-oldest]");
  // A list that came with its item has its first rows only; the others are on their way.
  if (isTurning || !list?.querySelector(".row") || list.matches('[hx-trigger^="load"]')) return;
  if (!link) return tell(step > 0 ? "This is the end of the list." : "This is the beginning of the list.", "plain");
  const address = (step > 0 ? null : before.at(-1)) ?? link.getAttribute("hx-get");
  isTurning = true;
  // What failed is told by toast.js.
  await htmx.ajax("GET", address, { target: "#queue-rows", swap: "outerHTML settle:0ms" }).catch(() => {});
  isTurning = false;
  if (document.getElementById("queue-rows") === list) return;
  if (step > 0) before.push(list.getAttribute("hx-get").replace(/([?&])version=[^&]*&?/, "$1"));
  else before.pop();
  document.querySelector(".rows-scroll").scrollTo(0, 0);
  openFirst(step > 0 ? rowsNow() : rowsNow().reverse(), step);
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
