// Makes lists quick: filters apply by themselves, and keys move through the rows.
// Without it a button applies them, and everything can be reached by a link.
"use strict";

(() => {
  const TYPED = 350;  // how long a pause in typing is, in ms
  const IN_FIELDS = "input, select, textarea, [contenteditable], dialog";
  let timer = 0, turn = 0;

  const one = (selector, within = document) => within.querySelector(selector);
  const rows = () => [...document.querySelectorAll("[data-results] [data-row]")];

  // What the filters ask for; what is empty asks for nothing.
  function asked(form) {
    const filled = [...new FormData(form)].filter(([, value]) => value !== "");
    return new URLSearchParams(filled).toString();
  }

  let shown = one("[data-filters]") ? asked(one("[data-filters]")) : "";

  // Fetches the list that is asked for now; of several at once, the last counts.
  async function apply() {
    clearTimeout(timer);
    const query = asked(one("[data-filters]"));
    if (query === shown) return;
    shown = query;
    turn += 1;
    const mine = turn, address = `${location.pathname}?${query}`;
    one("[data-results]").setAttribute("aria-busy", "true");
    let text = "";
    try {
      const answer = await fetch(address, { headers: { Accept: "text/html" } });
      if (answer.ok && !answer.redirected) text = await answer.text();
    } catch { /* the page itself tells why */ }
    if (mine !== turn) return;
    const fresh = new DOMParser().parseFromString(text, "text/html");
    if (!one("[data-results]", fresh)) return location.assign(address);
    history.replaceState(null, "", address);
    exchange(fresh, query);
  }

  function exchange(fresh, query) {
    exchangeHead(one("main .head"), one("main .head", fresh));
    // Who chooses a source in the header comes back to this list.
    const next = one(".switch [name=next]");
    if (next) next.value = one(".switch [name=next]", fresh).value;
    one("[data-results]").replaceWith(document.adoptNode(one("[data-results]", fresh)));
    const form = one("[data-filters]");
    // Who went on typing keeps what they typed; it is asked for when they pause.
    if (asked(form) === query) exchangeForm(form, document.adoptNode(one("[data-filters]", fresh)));
    document.dispatchEvent(new CustomEvent("list-changed"));
  }

  // The number stays where it is, to be read out; what leads on leads on from this list.
  function exchangeHead(head, fresh) {
    const status = one("[role=status]", head), number = one("[role=status]", fresh);
    status.textContent = number.textContent;
    while (status.nextSibling) status.nextSibling.remove();
    while (number.nextSibling) head.append(document.adoptNode(number.nextSibling));
  }

  // A name that was typed stands among the chips now, what is wrong beside its field.
  function exchangeForm(form, fresh) {
    const field = form.contains(document.activeElement) ? document.activeElement : null;
    const caret = field && "selectionStart" in field ? field.selectionStart : null;
    const isOpen = one(".fold-box", form).checked;
    form.replaceWith(fresh);
    one(".fold-box").checked ||= isOpen;
    shown = asked(fresh);
    const same = field && [...fresh.elements].find((each) => isSame(each, field));
    same?.focus({ preventScroll: true });
    if (same && caret !== null) same.setSelectionRange(caret, caret);
  }

  const isBox = (field) => field.type === "checkbox" || field.type === "radio";
  const isSame = (one, other) => one.type === other.type && one.name === other.name
    && one.id === other.id && (!isBox(one) || one.value === other.value);
  const isOfFilters = (field) => field.form?.matches("[data-filters]") && field.name;

  document.addEventListener("input", (event) => {
    if (!isOfFilters(event.target) || event.target.type !== "search") return;
    clearTimeout(timer);
    timer = setTimeout(apply, TYPED);
  });
  document.addEventListener("change", (event) => { if (isOfFilters(event.target)) apply(); });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-filters]")) return;
    event.preventDefault();
    apply();
  });

  // Keys: off where preferences say so, in fields, and with Ctrl, Alt or the like.

  const current = () => document.activeElement?.closest("[data-row]") ?? null;

  function move(step) {
    const all = rows(), here = all.indexOf(current());
    const next = all[here < 0 ? 0 : Math.min(Math.max(here + step, 0), all.length - 1)];
    if (!next) return;
    one("[data-open]", next).focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  const KEYS = {
    j: () => move(1),
    k: () => move(-1),
    x: () => one("input[name=ids]", current() ?? document.createElement("p"))?.click(),
    "/": () => one("[data-filters] input[type=search]")?.focus(),
    "?": () => one("#list-keys").showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (!one("[data-shortcuts]") || event.target.closest(IN_FIELDS)) return;
    if (!Object.hasOwn(KEYS, event.key)) return;
    event.preventDefault();
    KEYS[event.key]();
  });
})();
