// What is more pleasant with a script; every page works without. Listeners stand on the document, since parts of a page
// are replaced while it is open.
"use strict";

// Search while typing.
function filter(input) {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const row of document.querySelectorAll(`#${input.dataset.filter} tbody tr`)) {
    row.hidden = !words.every((word) => row.dataset.text.includes(word));
  }
}
document.addEventListener("renewed", () => document.querySelectorAll("input[data-filter]").forEach(filter));
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  const search = document.querySelector("input[type=search]");
  if (event.key === "/" && !typing && search) {
    event.preventDefault();
    search.focus();
  }
});

// Each share in percent, and their sum.
function sum(form) {
  const shares = [...form.querySelectorAll("input[data-share]")].map((input) => Number(input.value) || 0);
  const all = shares.reduce((one, other) => one + other, 0);
  form.querySelector("[data-sum]").textContent = all;
  form.querySelectorAll("[data-percent]").forEach((place, at) => {
    place.textContent = all ? `${((shares[at] * 100) / all).toFixed(1)}%` : "–";
  });
  const ratio = form.querySelector("input[name=ratio]").checked;
  form.classList.toggle("is-wrong", all === 0 || (all !== 100 && !ratio));
}

// The forecast appears on the page of the flag, while the slider moves too.
let asked = 0;
let timer;
async function foresee(address, query, goThere) {
  const turn = ++asked;
  const place = document.getElementById("forecast");
  query.set("part", "true");
  const answer = await fetch(`${address}?${query}`, { headers: { accept: "text/html" } });
  if (turn !== asked) return;
  if (answer.redirected) return location.reload();
  if (!answer.ok) return;
  place.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
  if (!goThere) return;
  place.scrollIntoView({ block: "nearest" });
  place.querySelector("input[name=reason]")?.focus({ preventScroll: true });
}
const query = (form) => new URLSearchParams(new FormData(form));
const address = (form) => form.getAttribute("action");

document.addEventListener("input", (event) => {
  const input = event.target;
  if (input.dataset.filter) filter(input);
  // The slider and the number beside it say the same.
  if (input.dataset.mirror) document.getElementById(input.dataset.mirror).value = input.value;
  const form = input.closest("form[data-preview]");
  if (!form) return;
  if (input.dataset.share !== undefined || input.name === "ratio") sum(form);
  if (input.dataset.mirror || input.dataset.share !== undefined) {
    clearTimeout(timer);
    if (!form.classList.contains("is-wrong")) timer = setTimeout(() => foresee(address(form), query(form)), 120);
  }
});
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-preview]");
  if (!form || !document.getElementById("forecast")) return;
  event.preventDefault();
  clearTimeout(timer);
  foresee(address(form), query(form), true);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a.again");
  if (!link || !document.getElementById("forecast")) return;
  event.preventDefault();
  const url = new URL(link.href);
  foresee(url.pathname, url.searchParams, true);
});
