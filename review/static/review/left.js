// Counts down the seconds until a held mail leaves.
const end = [...document.querySelectorAll("[data-left]")].map((node) => [node, performance.now() + Number(node.dataset.left) * 1000]);

function tick() {
  for (const [node, at] of end) node.textContent = String(Math.max(0, Math.ceil((at - performance.now()) / 1000)));
}

if (end.length) setInterval(tick, 500);
