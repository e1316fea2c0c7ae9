import { renewToken } from "./tokens.js";

// Puts a part that the server sent in the place of the one with its id.
export function swap(id, html) {
  const place = document.getElementById(id);
  const part = new DOMParser().parseFromString(html, "text/html").getElementById(id);
  if (place && part) place.replaceWith(document.adoptNode(part));
}

export function post(url, form, fields = {}) {
  renewToken(form);
  const body = new FormData();
  body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  return fetch(url, { method: "POST", body, headers: { "X-Part": "1" } });
}
