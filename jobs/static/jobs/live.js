// Keeps the open page up to date: a socket tells what changed, the page shows it.
// Values go in as text alone. What values cannot tell (a job began, ended, has another
// phase) is fetched as the page that the server renders, and its parts are exchanged.
"use strict";

(() => {
  const body = document.body;
  const home = body.dataset.home;  // the path of all pages, which ends with a slash
  const root = document.querySelector("[data-live-job]");
  // Another page may follow a job as well, of which it shows one line.
  const followed = document.querySelector("[data-follow-job]");
  const jobId = Number(root?.dataset.liveJob ?? followed?.dataset.followJob ?? 0);
  const strip = document.querySelector("[data-live-strip]");
  const strapline = strip.querySelector("[data-live-line]");
  const button = strip.querySelector("button");
  const voice = document.querySelector("[data-live-voice]");
  const FIRST_WAIT = 1000, LONGEST_WAIT = 30000, POLL = 5000, SILENCE = 45000;
  const TOKEN = "input[name=csrfmiddlewaretoken]";
  const STEPS = [0, 25, 50, 75, 100];
  let socket = null, failures = 0, paused = false, timer = 0, poller = 0, watchdog = 0;
  let since = root ? Number(root.dataset.seq) : 0;
  let newest = null, refreshing = false, again = false, announced = "";

  const put = (element, text) => {
    if (element && element.textContent !== text) element.textContent = text;
  };

  function showBar(bar, value) {
    const progress = bar.querySelector("progress");
    put(bar.querySelector(".number"), value.text);
    if (!("total" in value)) return progress.removeAttribute("value");
    progress.max = value.total;
    progress.value = value.done;
  }

  // One line of a list, or the head of a job's own page.
  function showRow(row) {
    for (const item of document.querySelectorAll(`[data-job="${row.id}"]`)) {
      if (item.dataset.shape !== row.shape) refresh();
      const state = item.querySelector(".state");
      if (state) {
        state.className = `state ${row.status}`;
        put(state, row.word);
      }
      put(item.querySelector("[data-value=line]"), row.line);
      put(item.querySelector("[data-value=outlook]"), row.outlook);
      put(item.querySelector("[data-value=took]:not([data-started])"), row.took);
      const bar = item.querySelector(":scope .bar[data-whole]");
      if (bar) showBar(bar, row.bar);
    }
  }

  function showJob(job) {
    showRow(job);
    put(root.querySelector("[data-value=attempt]"), job.attempt);
    const bars = root.querySelectorAll(".phases .bar");
    const figures = root.querySelectorAll(".figures td.number");
    if (bars.length !== job.bars.length || figures.length !== job.figures.length) refresh();
    bars.forEach((bar, n) => job.bars[n] && showBar(bar, job.bars[n]));
    figures.forEach((cell, n) => {
      if (n >= job.figures.length) return;
      put(cell.firstElementChild || cell, job.figures[n]);
      cell.classList.toggle("zero", job.figures[n] === "0");
    });
    announce(job);
  }

  // Politely, and seldom: at each quarter of the phase at work, and when the state changes.
  function announce(job) {
    const bar = job.bars[job.bars.length - 1];
    let text = job.word;
    if (job.status === "running" && bar && bar.total) {
      const percent = STEPS.findLast((step) => (100 * bar.done) / bar.total >= step);
      text = `${job.word}, ${bar.name}: ${percent} %`;
    }
    if (announced && announced !== text) put(voice, text);
    announced = text;
  }

  function showEvents(events) {
    const log = root.querySelector(".log");
    for (const event of events) {
      if (event.seq <= since) continue;
      since = event.seq;
      if (!log || !("tail" in log.dataset) || !log.dataset.levels.includes(event.level)) continue;
      log.querySelector("ol").append(line(event));
    }
    const empty = root.querySelector("[data-log-empty]");
    if (log && empty) empty.hidden = log.querySelector("li") !== null;
  }

  function line(event) {
    const item = document.createElement("li");
    const time = document.createElement("time");
    item.className = event.level;
    time.dateTime = event.at;
    time.title = time.textContent = event.when;
    item.append(time, span("level", event.level), span("message", event.text));
    return item;
  }

  function span(name, text) {
    const element = document.createElement("span");
    element.className = name;
    element.textContent = text;
    return element;
  }

  // What runs takes longer each second; the server's word counts at the end.
  function tick() {
    if (paused || document.hidden) return;
    for (const place of document.querySelectorAll("[data-started]")) {
      const s = Math.max(0, Math.floor((Date.now() - Date.parse(place.dataset.started)) / 1000));
      const m = Math.floor(s / 60), h = Math.floor(m / 60);
      put(place, h ? `${h} h ${m % 60} min` : m ? `${m} min ${s % 60} s` : `${s} s`);
    }
  }

  function showCounts(counts) {
    for (const place of document.querySelectorAll("[data-job-counts]")) {
      put(place, counts.text);
      place.hidden = !counts.text;
      place.classList.toggle("bad", counts.failed > 0);
    }
    const isNews = newest !== null && counts.newest !== newest;
    if (isNews && document.querySelector("[data-part=rows]")) refresh();
    newest = counts.newest;
  }

  function show(topic, data) {
    if (paused) return;  // it was asked for before
    if (data.counts) showCounts(data.counts);
    if (data.rows) data.rows.forEach(showRow);
    if (!topic.startsWith("job:")) return;
    if (root) {
      showEvents(data.events);
      showJob(data.job);
    } else {
      showRow(data.job);
      announce(data.job);
    }
  }

  // Fetches this page anew and exchanges its marked parts; one at a time.
  async function refresh() {
    if (paused) return;  // the end of the pause looks anew
    if (refreshing) { again = true; return; }
    refreshing = true;
    again = false;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      const text = answer.ok && !answer.redirected ? await answer.text() : "";
      if (text && !paused) exchange(text);
    } catch { /* the next message tries again */ }
    setTimeout(() => { refreshing = false; if (again) refresh(); }, 500);
  }

  function exchange(text) {
    const fresh = new DOMParser().parseFromString(text, "text/html");
    // The token is written in another way each time; one says as much as the other.
    const token = document.querySelector(TOKEN)?.getAttribute("value") ?? "";
    for (const input of fresh.querySelectorAll(TOKEN)) input.setAttribute("value", token);
    if (root) root.dataset.shape = fresh.querySelector("[data-live-job]")?.dataset.shape ?? "";
    for (const part of document.querySelectorAll("[data-part]")) {
      const now = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
      if (!now || part.isEqualNode(now) || isTouched(part)) continue;
      if (part.matches(":active")) { again = true; continue; }  // a click is under way
      const mark = focused(part);
      const placed = document.adoptNode(now);
      part.replaceWith(placed);
      if (mark) placed.querySelector(mark)?.focus({ preventScroll: true });
    }
  }

  // What somebody has opened or chosen in a part stays until they are done.
  const isTouched = (part) => part.querySelector("details[open], input:checked") !== null;

  function focused(part) {
    const element = document.activeElement;
    if (!part.contains(element)) return "";
    const label = element.getAttribute("aria-label");
    if (label) return `[aria-label="${CSS.escape(label)}"]`;
    return element.getAttribute("href") ? `[href="${CSS.escape(element.getAttribute("href"))}"]` : "";
  }

  function connect() {
    clearTimeout(timer);
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const topics = jobId ? `jobs,job:${jobId}` : "jobs";
    socket = new WebSocket(`${scheme}://${location.host}${home}ws/v1/?topics=${topics}&since=${since}`);
    socket.onmessage = (message) => {
      const { topic, data } = JSON.parse(message.data);
      failures = 0;
      stopPolling();
      watch();
      show(topic, data);
      say(false);
    };
    socket.onclose = (event) => {
      clearTimeout(watchdog);
      socket = null;
      if (paused) return;
      if (event.code === 4401) { location.reload(); return; }
      failures += 1;
      say(true);
      if (failures >= 2) poll();
      const wait = Math.min(FIRST_WAIT * 2 ** (failures - 1), LONGEST_WAIT);
      timer = setTimeout(connect, wait * (0.5 + Math.random() / 2));
    };
    watch();
  }

  // A connection that died without a word is silent for too long.
  function watch() {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => socket?.close(), SILENCE);
  }

  function poll() {
    if (poller) return;
    poller = setInterval(async () => {
      if (document.hidden) return;
      try {
        show("jobs", await ask(`${home}jobs/state.json`));
        if (jobId) show(`job:${jobId}`, await ask(`${home}jobs/${jobId}/state.json?since=${since}`));
      } catch { /* the server is away; the line says so */ }
    }, POLL);
  }

  async function ask(address) {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (answer.status === 403) location.reload();  // signed out: it leads to the sign-in
    if (!answer.ok) throw new Error(address);
    return answer.json();
  }

  function stopPolling() {
    clearInterval(poller);
    poller = 0;
  }

  function say(isCut) {
    strip.hidden = false;
    strip.classList.toggle("cut", isCut || paused);
    put(strapline, paused ? "Updates are paused." : isCut ? "Live updates paused, retrying" : "Live");
    put(button, paused ? "Resume updates" : "Pause updates");
    body.dataset.live = paused ? "paused" : isCut ? "cut" : "on";
  }

  button.addEventListener("click", () => {
    paused = !paused;
    clearTimeout(timer);
    stopPolling();
    if (paused) socket?.close();
    else { failures = 0; refresh(); connect(); }
    say(!paused && socket?.readyState !== WebSocket.OPEN);
  });
  addEventListener("pagehide", () => {
    paused = true;
    clearTimeout(timer);
    // One that is not open yet ends with the page, and without a word in the console.
    if (socket?.readyState === WebSocket.OPEN) socket.close();
  });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  setInterval(tick, 1000);
  const every = Number(document.querySelector("[data-every]")?.dataset.every ?? 0);
  if (every) setInterval(() => { if (!paused && !document.hidden) refresh(); }, every * 1000);
  connect();
})();
