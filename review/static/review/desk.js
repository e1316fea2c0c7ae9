// The desk is complete without scripts; these make it quick.
import "./ahead.js";
import "./alive.js";
import "./atoms.js";
import "./copy.js";
import "./files.js";
import "./filters.js";
import "./frame.js";
import "./insertions.js";
import "./keys.js";
import "./list.js";
import "./panes.js";
import "./toast.js";
import "./tokens.js";
import "./unattended.js";
import "./waits.js";
import "./writing.js";

document.documentElement.classList.add("has-script");

// Times are shown in the person's zone from the next page on.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone) document.cookie = `zone=${encodeURIComponent(zone)}; path=/; max-age=31536000; samesite=lax`;
