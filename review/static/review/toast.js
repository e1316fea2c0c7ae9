// The notice after a decision: counts the undo window down, then goes. Failures of the line are told here too.
let timer = 0;

function start() {
  clearInterval(timer);
  const toast = document.querySelector("#toast .toast");
  if (!toast) return;
  const seconds = Number(toast.dataset.seconds);
  const end = performance.now() + (seconds || 6) * 1000;
  const left = toast.querySelector(".left");
  const bar = toast.querySelector(".bar");
  const tick = () => {
    const rest = (end - performance.now()) / 1000;
    if (rest <= 0) return gone(toast);
    if (left && seconds) left.textContent = `${Math.ceil(rest)} s`;
    if (bar && seconds) bar.style.transform = `scaleX(${rest / seconds})`;
  };
  tick();
  timer = setInterval(tick, 200);
}

function gone(toast) {
  clearInterval(timer);
  // Somebody who is choosing a reason is not interrupted.
  if (!toast.querySelector(".why")?.contains(document.activeElement)) toast.remove();
}

function tell(words) {
  const toast = document.createElement("div");
  toast.className = "toast toast-red";
  toast.dataset.seconds = "0";
  toast.append(Object.assign(document.createElement("p"), { textContent: words }));
  document.getElementById("toast")?.replaceChildren(toast);
  start();
}

document.addEventListener("click", (event) => {
  if (event.target.closest(".toast-close")) gone(event.target.closest(".toast"));
});
document.addEventListener("htmx:oobAfterSwap", (event) => event.detail.target.id === "toast" && start());
document.addEventListener("htmx:afterSwap", (event) => event.detail.target.id === "toast" && start());
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.requestConfig.verb === "get" && event.detail.elt.id === "queue-rows") return;
  const status = event.detail.xhr.status;
  if (status === 401) tell("You are signed out. Sign in again in another tab, then repeat this; what you typed is still here.");
  else if (status === 403) tell("You may not do this.");
  else tell("That did not work, and nothing was decided. Try again.");
});
document.addEventListener("htmx:sendError", (event) => {
  if (event.detail.elt.id !== "queue-rows") tell("The server cannot be reached. Nothing was decided; what you typed is still here.");
});
start();
