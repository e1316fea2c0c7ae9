// Files are attached by the button, by dropping them on the box, and by pasting a picture; one after the other, each at once.
import { post, swap } from "./parts.js";

let line = Promise.resolve();

function attach(form, files) {
  for (const file of files) line = line.then(() => upload(form, file));
}

async function upload(form, file) {
  const files = form.querySelector("#files");
  if (!files) return;
  if (file.size > Number(form.dataset.most)) {
    tell(form, `“${file.name}” is too large: a file may have ${Math.floor(form.dataset.most / 1e6)} MB at most.`);
    return;
  }
  const waiting = Object.assign(document.createElement("p"), { className: "quiet", textContent: `Attaching “${file.name}” …` });
  waiting.setAttribute("role", "status");
  files.append(waiting);
  try {
    const answer = await post(form.dataset.attach, form, { files: file });
    if (answer.redirected || ![200, 422].includes(answer.status)) throw new Error(String(answer.status));
    swap("files", await answer.text());
  } catch {
    waiting.remove();
    tell(form, `“${file.name}” was not attached: the server cannot be reached, or you are signed out. Try again.`);
  }
}

function tell(form, words) {
  const wrong = Object.assign(document.createElement("p"), { className: "wrong", textContent: words });
  wrong.setAttribute("role", "alert");
  form.querySelector("#files").prepend(wrong);
}

const boxOf = (target) => target.closest?.("form[data-attach]");
const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-attaches]")) return;
  attach(event.target.form, [...event.target.files]);
  event.target.value = "";
});

document.addEventListener("paste", (event) => {
  const form = boxOf(event.target);
  const files = [...(event.clipboardData?.files ?? [])];
  if (!form || !files.length) return;
  event.preventDefault();
  attach(form, files);
});

// A file that misses the box must not open in place of the page.
document.addEventListener("dragover", (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  for (const form of document.querySelectorAll("form[data-attach]")) form.classList.toggle("is-dropping", form === boxOf(event.target));
});

document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) for (const form of document.querySelectorAll(".is-dropping")) form.classList.remove("is-dropping");
});

document.addEventListener("drop", (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  for (const form of document.querySelectorAll(".is-dropping")) form.classList.remove("is-dropping");
  const form = boxOf(event.target);
  if (form) attach(form, [...event.dataTransfer.files]);
});

document.addEventListener("click", async (event) => {
  const remover = event.target.closest("[data-removes]");
  if (!remover) return;
  event.preventDefault();
  const { form } = remover;
  try {
    const answer = await post(remover.formAction, form);
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    swap("files", await answer.text());
  } catch {
    tell(form, "The file was not removed: the server cannot be reached, or you are signed out. Try again.");
  }
});
