// Fills in the setup page. The code stands behind the # of the address, which browsers
// keep to themselves; it is taken out of the address, so out of the history too.
"use strict";

const form = document.getElementById("setup");

function takeCode() {
  const code = window.location.hash.slice(1);
  if (!code) return;
  form.elements.code.value = code;
  window.history.replaceState(null, "", window.location.pathname);
  form.elements.name.focus();
}

form.elements.zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
takeCode();
window.addEventListener("hashchange", takeCode); // the link opened in this same tab
