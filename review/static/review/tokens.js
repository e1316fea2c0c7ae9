// The token against forged requests. Signing in again, in another tab, makes those of this page void; the cookie has the one that counts.
// Not where somebody else signed in there: what this page would send is not theirs, and the server refuses its old token.
const cookie = (name) => document.cookie.match(new RegExp(`(?:^|; )countersign_${name}=([^;]+)`))?.[1];
const { person } = document.body.dataset;

export const isSomebodyElse = () => Boolean(person && cookie("person") && cookie("person") !== person);
export const token = () => (isSomebodyElse() ? undefined : cookie("csrf"));

export function renewToken(form) {
  const field = form.elements.csrfmiddlewaretoken;
  if (field && token()) field.value = token();
}

document.addEventListener("submit", (event) => renewToken(event.target), { capture: true });

document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.verb === "get" || !token()) return;
  detail.headers["X-CSRFToken"] = token();
  if (detail.parameters.csrfmiddlewaretoken) detail.parameters.csrfmiddlewaretoken = token();
});
