// Passkeys: what a form asks for (data-passkey), the browser makes or signs, and the form sends. WebAuthn speaks bytes, pages speak base64url.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const listed = (credentials) => (credentials ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

function make({ publicKey }) {
  const { challenge, user, excludeCredentials, ...rest } = publicKey;
  return navigator.credentials.create({
    publicKey: { ...rest, challenge: bytes(challenge), user: { ...user, id: bytes(user.id) }, excludeCredentials: listed(excludeCredentials) },
  });
}

function use({ publicKey }) {
  const { challenge, allowCredentials, ...rest } = publicKey;
  return navigator.credentials.get({ publicKey: { ...rest, challenge: bytes(challenge), allowCredentials: listed(allowCredentials) } });
}

// What is asked for must be fresh when somebody signs in with nothing but a passkey, so it is fetched then.
async function signIn(form) {
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.status === 429 ? "Too many attempts. Wait a minute." : "The server does not answer.");
  return use((await answer.json()).request_options);
}

const PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];

function plain(credential) {
  const parts = PARTS.filter((name) => credential.response[name]);
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: Object.fromEntries(parts.map((name) => [name, text(credential.response[name])])),
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

const WORDS = {
  NotAllowedError: "That was cancelled, or took too long. Try again.",
  InvalidStateError: "This device already keeps a passkey for you.",
  SecurityError: "Passkeys do not work at this address: they need HTTPS and a host name, not a number.",
};

async function run(form) {
  const said = form.querySelector(".wrong");
  const button = form.querySelector("button");
  said.hidden = true;
  button.disabled = true;
  try {
    const kind = form.dataset.passkey;
    const credential = kind === "sign-in" ? await signIn(form) : await { make, use }[kind](JSON.parse(form.dataset.options));
    form.elements.credential.value = plain(credential);
    form.submit();
  } catch (error) {
    said.textContent = WORDS[error.name] ?? error.message;
    said.hidden = false;
    button.disabled = false;
  }
}

// A browser at an address that is a number has the interface, but may not use it.
const isNumber = /^[\d.]+$|^\[/.test(location.hostname);
const works = Boolean(window.PublicKeyCredential) && !isNumber;

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!works || form.dataset.options === "") continue;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run(form);
  });
}
for (const note of document.querySelectorAll("[data-passkey-missing]")) note.hidden = works;
