// What the frame tells is kept up to date while the page can be seen: how auto-send stands, what needs somebody, what waits.
const EVERY = 30_000;
let askedAt = performance.now();

const standing = () => document.getElementById("standing");
// Nobody's menu is closed under their hands, and nobody's place on the keyboard is lost.
const isInUse = (part) => part.contains(document.activeElement) || part.querySelector("[open]");

// Says whether it could be shown.
function show(part) {
  const place = document.getElementById(part.id);
  if (!place || place.isEqualNode(part)) return true;
  if (isInUse(place)) return false;
  place.replaceWith(part);
  return true;
}

async function ask() {
  const address = standing()?.dataset.alive;
  if (!address || document.hidden) return;
  askedAt = performance.now();
  const query = new URLSearchParams({ here: location.pathname + location.search });
  try {
    const answer = await fetch(`${address}&${query}`, { headers: { "HX-Request": "true", "X-Unattended": "1" } });
    if (answer.status !== 200) return;
    const parts = [...new DOMParser().parseFromString(await answer.text(), "text/html").body.children];
    // What could not be shown is asked for again, as from a page that does not know it.
    if (parts.map((part) => show(document.adoptNode(part))).includes(false)) standing().dataset.alive = address;
  } catch {
    // The next one may get through.
  }
}

setInterval(ask, EVERY);
document.addEventListener("visibilitychange", () => performance.now() - askedAt >= EVERY && ask());
