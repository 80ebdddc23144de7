// What is more pleasant with a script; every page works without.
"use strict";

// Search while typing.
for (const input of document.querySelectorAll("input[data-filter]")) {
  const rows = document.querySelectorAll(`#${input.dataset.filter} tbody tr`);
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) row.hidden = !words.every((word) => row.dataset.text.includes(word));
  });
}
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  const search = document.querySelector("input[type=search]");
  if (event.key === "/" && !typing && search) {
    event.preventDefault();
    search.focus();
  }
});

// The slider and the number beside it say the same.
for (const input of document.querySelectorAll("input[data-mirror]")) {
  const other = document.getElementById(input.dataset.mirror);
  input.addEventListener("input", () => {
    other.value = input.value;
    if (other.type === "range") other.dispatchEvent(new Event("mirrored"));
  });
}

// The forecast appears on the page of the flag while the slider moves.
const place = document.getElementById("forecast");
let asked = 0;
async function foresee(form) {
  const turn = ++asked;
  const number = form.querySelector("input[type=number]");
  const query = new URLSearchParams(new FormData(form));
  if (number) query.set("rollout", number.value);
  query.set("part", "true");
  const answer = await fetch(`${form.getAttribute("action")}?${query}`, { headers: { accept: "text/html" } });
  if (turn !== asked || !answer.ok || answer.redirected) return answer.redirected && location.reload();
  place.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
}
if (place) {
  for (const form of document.querySelectorAll("form[data-preview]")) {
    let timer;
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(() => foresee(form), 120);
    };
    for (const input of form.querySelectorAll("input[data-mirror]")) input.addEventListener("input", soon);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      foresee(form);
    });
  }
}
