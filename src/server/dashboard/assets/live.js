// Keeps an open page true: asks for it again when something changed, and puts what is new into its place.
"use strict";
(() => {
  const main = document.querySelector("main");
  const pulse = document.getElementById("live");
  const away = document.getElementById("away");
  const RETRY = 3000;
  const SILENCE = 40000;
  const MINUTE = 60000;
  let state = document.body.dataset.state;
  let source, since, retry, silence, busy, again;
  const named = new Set();

  // One tree takes the form of another; what is the same in both stays: focus, scroll, selection, what was typed.
  const key = (node) => (node.nodeType === Node.ELEMENT_NODE ? node.id || node.dataset.key || "" : "");
  const alike = (one, other) => one.nodeName === other.nodeName && key(one) === key(other);
  function morph(old, fresh) {
    if (old.isEqualNode(fresh)) return;
    if (old.nodeType !== Node.ELEMENT_NODE) {
      old.nodeValue = fresh.nodeValue;
    } else if (old.dataset.keep === undefined) {
      attributes(old, fresh);
      children(old, fresh);
    }
  }
  function attributes(old, fresh) {
    // What a script has hidden and a person has opened.
    const ours = (name) => (name === "hidden" && old.nodeName === "TR") || (name === "open" && old.nodeName === "DETAILS");
    for (const { name, value } of [...fresh.attributes]) {
      if (!ours(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    for (const { name } of [...old.attributes]) {
      if (!ours(name) && !fresh.hasAttribute(name)) old.removeAttribute(name);
    }
  }
  function children(old, fresh) {
    const keyed = new Map([...old.children].filter(key).map((child) => [key(child), child]));
    const wanted = new Set([...fresh.children].map(key).filter(Boolean));
    let at = old.firstChild;
    for (const next of [...fresh.childNodes]) {
      let found = key(next) ? keyed.get(key(next)) : at;
      if (!key(next)) while (found && !alike(found, next)) found = found.nextSibling;
      if (!found || !alike(found, next)) {
        old.insertBefore(document.importNode(next, true), at);
        continue;
      }
      // What stands before it and is gone goes first, so that it need not move: moving takes the focus away.
      for (let node = at; node && node !== found && found.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_PRECEDING; ) {
        const gone = node;
        node = node.nextSibling;
        if (!wanted.has(key(gone))) {
          if (gone === at) at = node;
          gone.remove();
        }
      }
      if (found === at) at = at.nextSibling;
      else old.insertBefore(found, at);
      morph(found, next);
    }
    while (at) {
      const gone = at;
      at = at.nextSibling;
      gone.remove();
    }
  }

  // A forecast of a flag that has changed underneath cannot be applied: the server would refuse it.
  function overtaken(fresh) {
    for (const forecast of main.querySelectorAll(".forecast[data-tag-of]")) {
      const now = fresh.querySelector(`[data-tag-of="${CSS.escape(forecast.dataset.tagOf)}"]`);
      if (now && now.dataset.tag === forecast.dataset.tag) continue;
      forecast.classList.add("is-overtaken");
      forecast.querySelector(".overtaken").hidden = false;
      for (const control of forecast.querySelectorAll(".apply button, .apply input, .apply select")) control.disabled = true;
    }
  }

  async function renew() {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      do {
        again = false;
        const answer = await fetch(location.href, { headers: { accept: "text/html" }, cache: "no-store" });
        if (answer.redirected && new URL(answer.url).pathname === "/login") return leave();
        if (answer.status >= 500) throw new Error(answer.statusText);
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
        morph(main, fresh.querySelector("main"));
        overtaken(fresh);
        state = fresh.body.dataset.state;
        document.dispatchEvent(new Event("renewed"));
        for (const name of named) {
          for (const place of main.querySelectorAll(`[data-flag="${CSS.escape(name)}"]`)) place.classList.add("fresh");
        }
        named.clear();
      } while (again);
    } catch {
      clearTimeout(retry);
      retry = setTimeout(renew, RETRY);
    } finally {
      busy = false;
    }
  }
  document.addEventListener("animationend", (event) => event.target.classList.remove("fresh"));

  function say(text, link) {
    pulse.hidden = text !== "";
    away.hidden = text === "";
    away.replaceChildren(text, ...(link ? [link] : []));
  }
  function alive() {
    since = undefined;
    say("");
    clearTimeout(silence);
    silence = setTimeout(() => {
      lost();
      open();
    }, SILENCE);
  }
  function lost() {
    since ??= new Date();
    say(`Not live since ${since.toLocaleTimeString()}: the server cannot be reached. The page shows what was true then.`);
  }
  function leave() {
    close();
    const link = document.createElement("a");
    link.href = `/login?next=${encodeURIComponent(location.pathname + location.search)}`;
    link.textContent = "Log in";
    say("Not live: you are logged out. ", link);
  }
  function close() {
    source?.close();
    source = undefined;
    clearTimeout(silence);
    clearTimeout(retry);
  }
  function open() {
    close();
    source = new EventSource("/live");
    source.addEventListener("state", (event) => {
      alive();
      if (JSON.parse(event.data).state !== state) renew();
    });
    source.addEventListener("change", (event) => {
      alive();
      const news = JSON.parse(event.data);
      for (const name of news.flags) named.add(name);
      if (news.state !== state) renew();
    });
    source.addEventListener("beat", alive);
    source.addEventListener("error", () => {
      lost();
      // Refused: the browser does not try again by itself. Whoever is logged out is told so.
      if (source.readyState !== EventSource.CLOSED) return;
      clearTimeout(retry);
      retry = setTimeout(async () => {
        await renew();
        if (source) open();
      }, RETRY);
    });
  }

  // Browsers have few connections for one server: a page that nobody sees needs none.
  const visible = () => (document.visibilityState === "visible" ? source || open() : close());
  document.addEventListener("visibilitychange", visible);
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", (event) => event.persisted && visible());
  // "5m ago" grows old.
  setInterval(() => source && !since && renew(), MINUTE);
  visible();
})();
