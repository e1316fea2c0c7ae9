// Counts down until a held mail leaves, and asks then what became of it.
import { swap } from "./parts.js";

const LEAVES = 3_000;
const AGAIN = 10_000;
const ends = new WeakMap();
let timer = 0;

function count(node) {
  const left = Number(node.dataset.left);
  if (!ends.has(node)) ends.set(node, performance.now() + left * 1000);
  const rest = Math.ceil((ends.get(node) - performance.now()) / 1000);
  if (rest > 0) node.textContent = `leaves in ${rest} s`;
  else leave(node, left);
}

// Whoever is slower than the mail would only be told that it is too late. One that is held all the same can still be cancelled.
function leave(node, left) {
  node.textContent = "leaving now";
  delete node.dataset.left;
  if (left) for (const form of node.closest(".send, main").querySelectorAll("[data-cancels]")) form.hidden = true;
  timer ||= setTimeout(refresh, left ? LEAVES : AGAIN);
}

async function refresh() {
  timer = 0;
  if (document.hidden) return (timer = setTimeout(refresh, AGAIN));
  try {
    const answer = await fetch(location.href, { headers: { "X-Unattended": "1" } });
    if (answer.ok && !answer.redirected) show(await answer.text());
  } catch {
    timer = setTimeout(refresh, AGAIN);
  }
}

// Who is on a mail with the keyboard stays on it.
function show(html) {
  const mail = document.activeElement.closest(".send")?.querySelector("a").getAttribute("href");
  for (const place of document.querySelectorAll("[data-refreshes]")) swap(place.id, html);
  if (mail) document.querySelector(`.send a[href="${mail}"]`)?.focus({ preventScroll: true });
}

setInterval(() => document.querySelectorAll("[data-left]").forEach(count), 500);
