// Decides changes of a plan by keys, and without leaving the place on the page.
// Without it each button is a form of its own, which leads back to its change.
"use strict";

(() => {
  const IN_FIELDS = "input:not([type=radio]), select, textarea, [contenteditable], dialog";
  const one = (selector, within = document) => within.querySelector(selector);
  const CONTROL = "[data-choose], [data-accept], [data-reject]";
  // Those that can be decided; each holds the focus at its first control.
  const changes = () => [...document.querySelectorAll("[data-change]")].filter((each) => one(CONTROL, each));
  const current = () => document.activeElement?.closest("[data-change]") ?? null;

  // One decision after the other, in the order in which they were made.
  let queue = Promise.resolve();

  function focus(change) {
    if (!change) return;
    one(CONTROL, change).focus({ preventScroll: true });
    change.scrollIntoView({ block: "nearest" });
  }

  // Who came to a scene goes on with its changes, not with the first of the page.
  function ofScene(all) {
    const scene = document.activeElement?.closest("[data-row]");
    return all.find((each) => scene?.contains(each));
  }

  function move(step) {
    const all = changes(), here = all.indexOf(current());
    if (here < 0) return focus(ofScene(all) ?? all[0]);
    focus(all[Math.min(Math.max(here + step, 0), all.length - 1)]);
  }

  // What is pressed counts as it was then, whatever the page becomes meanwhile.
  function send(form, button) {
    const body = new URLSearchParams(new FormData(form));
    body.set(button.name, button.value);
    const action = form.action;
    queue = queue.then(() => post(action, body));
  }

  async function post(action, body) {
    let text = "";
    try {
      const answer = await fetch(action, { method: "POST", body, headers: { Accept: "text/html" } });
      text = await answer.text();
    } catch { /* the page itself tells why */ }
    const fresh = one("main", new DOMParser().parseFromString(text, "text/html"));
    if (!fresh) return location.reload();
    exchange(document.adoptNode(fresh));
  }

  function exchange(fresh) {
    const here = current(), id = here?.id, place = changes().indexOf(here);
    const isOpen = one(".fold-box")?.checked;
    one("main").replaceWith(fresh);
    const box = one(".fold-box");
    if (box && isOpen) box.checked = true;
    const all = changes();
    if (here) focus(all.find((each) => each.id === id) ?? all[Math.min(place, all.length - 1)]);
    voice.textContent = one("main [role=alert], main [role=status] .notes, [data-last]")?.textContent.trim() ?? "";
  }

  // What came of it is read out: the page itself does not load again.
  const voice = document.createElement("p");
  voice.className = "hidden";
  voice.setAttribute("role", "status");
  document.body.append(voice);

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-decide]") || !event.submitter) return;
    event.preventDefault();
    if (event.submitter.name !== "stay") send(event.target, event.submitter);
  });

  function decide(selector) {
    const change = current(), control = change && one(selector, change);
    if (!change) return move(0);
    if (control?.matches("[data-choose]")) {
      control.checked = true;
      send(control.form, one("button[name=choose]", change.parentElement));
    } else if (control) {
      send(control.form, control);
    }
    move(1);
  }

  const KEYS = {
    n: () => move(1),
    p: () => move(-1),
    a: () => decide("[data-choose], [data-accept]"),
    r: () => decide("[data-reject]"),
    u: () => { queue = queue.then(undecide); },
  };

  // Asked when all before it is decided: then the page names the last decision.
  function undecide() {
    const button = one("[data-undecide]");
    if (!button) return undefined;
    const body = new URLSearchParams(new FormData(button.form));
    body.set(button.name, button.value);
    return post(button.form.action, body);
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
    if (!one("[data-shortcuts]") || event.target.closest(IN_FIELDS)) return;
    if (!Object.hasOwn(KEYS, event.key)) return;
    event.preventDefault();
    KEYS[event.key]();
  });
})();
