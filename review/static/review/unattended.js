// What a page asks by itself, with nobody having done anything, keeps no session alive.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.verb === "get" && !detail.triggeringEvent) detail.headers["X-Unattended"] = "1";
});
