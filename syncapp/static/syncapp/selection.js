// Keeps what is ticked in a list over its pages, orders and filters, as long as the tab
// is open. The form sends the ticks of this page by itself; the others are added to it.
"use strict";

(() => {
  let refresh = () => {};

  // For the list as it stands now: lists.js puts another in its place.
  function begin() {
    const form = document.querySelector("form[data-selection]");
    refresh = () => {};
    if (!form) return;
    const key = `steward.selection.${form.dataset.selection}`;
    const most = Number(form.dataset.most);
    const part = (name) => form.querySelector(`[data-${name}]`);
    const bar = part("selection-bar"), told = part("selected"), hint = part("select-hint");
    const none = part("select-none"), again = part("select-last");
    const whole = part("select-page"), wholeBox = whole.querySelector("input");
    const boxes = [...form.querySelectorAll("input[name=ids][type=checkbox]")];
    const others = Object.assign(document.createElement("input"), {
      type: "hidden", name: "ids", disabled: true,
    });
    let kept = { ids: [], last: [] }; // selected; sent when the form was sent last
    let refused = false; // the last tick was one too many

    function texts(list) {
      return Array.isArray(list) ? list.filter((id) => typeof id === "string") : [];
    }

    // A browser may keep nothing for us; then the selection is that of the page.
    function read() {
      try {
        const found = JSON.parse(window.sessionStorage.getItem(key)) || {};
        kept = { ids: texts(found.ids), last: texts(found.last) };
      } catch {
        // What was known stays.
      }
    }

    function write() {
      try {
        window.sessionStorage.setItem(key, JSON.stringify(kept));
      } catch {
        // It is full or forbidden.
      }
    }

    function number(count) {
      return count.toLocaleString("en-GB");
    }

    function show() {
      const ids = new Set(kept.ids);
      for (const box of boxes) box.checked = ids.has(box.value);
      const here = boxes.filter((box) => box.checked).length;
      const away = ids.size - here;
      wholeBox.checked = here > 0 && here === boxes.length;
      wholeBox.indeterminate = here > 0 && here < boxes.length;
      bar.classList.toggle("some", ids.size > 0);
      hint.hidden = ids.size > 0;
      none.hidden = ids.size === 0;
      again.hidden = ids.size > 0 || kept.last.length === 0;
      again.textContent = `Select the last ${number(kept.last.length)} again`;
      const where = away ? `, ${number(away)} of them on other pages` : "";
      const words = ids.size ? `${number(ids.size)} selected${where}.` : "";
      told.textContent = refused
        ? `${words} More than ${number(most)} are not kept: “Select all matching” takes more.`
        : words;
      const onPage = new Set(boxes.map((box) => box.value));
      others.value = kept.ids.filter((id) => !onPage.has(id)).join(",");
      others.disabled = others.value === "";
    }

    function change(act) {
      read(); // a page that the browser kept may know less than the tab
      const ids = new Set(kept.ids);
      act(ids);
      refused = ids.size > most;
      if (!refused) kept.ids = [...ids];
      write();
      show();
    }

    function take(ticked) {
      change((ids) => {
        for (const box of ticked) {
          if (box.checked) ids.add(box.value);
          else ids.delete(box.value);
        }
      });
    }

    form.append(others);
    whole.hidden = false;
    for (const box of boxes) box.addEventListener("change", () => take([box]));
    wholeBox.addEventListener("change", () => {
      for (const box of boxes) box.checked = wholeBox.checked;
      take(boxes);
    });
    none.addEventListener("click", () => {
      change((ids) => ids.clear());
      wholeBox.focus();
    });
    again.addEventListener("click", () => {
      const last = kept.last;
      change((ids) => last.forEach((id) => ids.add(id)));
      wholeBox.focus();
    });
    // What is sent is put by, not lost: the server may have refused it.
    // Who is shown a form first may come back: the selection stays.
    form.addEventListener("submit", (event) => {
      if (event.submitter?.hasAttribute("data-keeps-selection")) return;
      if (kept.ids.length) kept = { ids: [], last: kept.ids };
      write();
    });
    refresh = () => {
      read();
      show();
    };
    refresh();
  }

  begin();
  document.addEventListener("list-changed", begin);
  // Also when a page comes back as it was, ticks and all.
  window.addEventListener("pageshow", () => refresh());
})();
