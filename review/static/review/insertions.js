// Templates: Alt+I opens the chooser, typing finds one, arrows choose, Enter inserts it at the cursor.
import { swap } from "./parts.js";
import { selectSlot } from "./writing.js";

const chooserOf = (target) => target.closest?.(".insertions");

async function find(input) {
  const query = new URLSearchParams({ q: input.value, language: input.form.elements.language?.value ?? "" });
  const answer = await fetch(`${input.dataset.findsInsertions}?${query}`);
  if (answer.ok && !answer.redirected) swap("insertions", await answer.text());
}

function insert(button) {
  const form = button.closest("form");
  const text = form.querySelector("textarea[name=text]");
  const start = text.selectionStart;
  text.setRangeText(button.dataset.inserts, start, text.selectionEnd, "end");
  chooserOf(button).open = false;
  text.focus();
  const open = /\{/.test(button.dataset.inserts);
  if (open) selectSlot(text, start);
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

function close(chooser) {
  chooser.open = false;
  chooser.closest("form").querySelector("textarea[name=text]").focus();
}

document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.(".insertions") || !event.target.open) return;
  const input = event.target.querySelector("input");
  find(input);
  input.focus();
}, { capture: true });

let asking = 0;
document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-finds-insertions]")) return;
  clearTimeout(asking);
  asking = setTimeout(find, 150, event.target);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-inserts]");
  if (button) insert(button);
});

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form.writing");
  if (form && event.altKey && !event.ctrlKey && event.code === "KeyI") {
    event.preventDefault();
    form.querySelector(".insertions").open = true;
    // At once: "toggle" comes later, and the next key belongs to the search.
    form.querySelector(".insertions input").focus();
    return;
  }
  const chooser = chooserOf(event.target);
  if (!chooser?.open) return;
  const buttons = [...chooser.querySelectorAll("[data-inserts]")];
  const here = buttons.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") close(chooser);
  else if (step) (buttons[here + step] ?? chooser.querySelector("input")).focus();
  else if (event.key === "Enter" && event.target.matches("input")) buttons[0]?.click();
  else return;
  event.preventDefault();
  event.stopPropagation();
}, { capture: true });
