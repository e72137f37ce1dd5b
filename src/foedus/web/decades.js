// The view of decades: alliances that the page has a chronicle of, and one of them with its address.

import { html } from "./dom.js";
import { DATA } from "./place.js";

const REST_MS = 250; // of the year's cursor before the address follows it

/** All chronicles of the page; a page from a server has their names, and asks for the rest. */
const chronicleOf = (id) => DATA.chronicles.find((one) => one.id === id);

async function complete(about) {
  if (about.states) return about;
  const answer = await fetch(`/decades/${encodeURIComponent(about.id)}.json`);
  if (!answer.ok) throw new Error(await answer.text());
  return Object.assign(about, await answer.json());
}

export class Decades {
  constructor(place) {
    this.id = place.id || (DATA.chronicles.length === 1 ? DATA.chronicles[0].id : "");
    const about = chronicleOf(this.id);
    this.node = about ? this.#one(about) : this.#all(this.id);
    if (!about) document.documentElement.dataset.ready = location.hash;
  }

  /** Follow the address: Back undoes a changed answer. */
  update() {
    const query = new URLSearchParams(location.hash.split("?")[1] ?? "");
    const answers = query.getAll("answer");
    const changes = Object.fromEntries(query.getAll("call").map((call, n) => [call, answers[n]]));
    this.timeline?.data && this.timeline.show({ year: query.get("year"), changes });
    document.documentElement.dataset.ready = location.hash;
  }

  close() {
    clearTimeout(this.rest);
    this.timeline?.pause();
  }

  #one(about) {
    this.timeline = html("foedus-timeline");
    this.timeline.addEventListener("foedus-year", () => {
      clearTimeout(this.rest);
      this.rest = setTimeout(() => this.#address("replaceState"), REST_MS);
    });
    this.timeline.addEventListener("foedus-change", () => this.#address("pushState"));
    const told = html("p", { class: "lead" }, about.finding ?? "The chronicle is being computed; this takes some seconds.");
    const node = html("article", {}, html("h1", { tabindex: "-1" }, about.name), told,
      html("p", {}, "Click on a year to open it. Then change answers, and see the later years move."), this.timeline, otherAlliances(about.id));
    complete(about).then((data) => {
      told.textContent = `${data.finding}.`;
      this.timeline.data = data;
      this.update();
    }).catch((error) => { told.replaceChildren(html("span", { class: "problem", role: "alert" }, String(error.message))); });
    return node;
  }

  #address(how) {
    clearTimeout(this.rest);
    const { year, changes } = this.timeline;
    const changed = Object.entries(changes).flatMap(([call, key]) => [["call", call], ["answer", key]]);
    const query = new URLSearchParams([["year", year], ...changed]);
    const hash = `#/decades/${encodeURIComponent(this.id)}?${query}`;
    if (hash !== location.hash) window.history[how](null, "", hash);
    document.documentElement.dataset.ready = hash;
  }

  #all(asked) {
    const unknown = asked && html("p", { class: "problem", role: "alert" }, `There is no chronicle "${asked}" here.`);
    return html("article", {}, html("h1", { tabindex: "-1" }, "Decades of an alliance"),
      html("p", { class: "lead" }, "Members call, the alliance answers, and every answer leaves a trace: who trusts it, who stays."),
      unknown, listOf(DATA.chronicles));
  }
}

const listOf = (chronicles) => html("ul", { class: "list" }, ...chronicles.map(({ id, name }) =>
  html("li", {}, html("a", { href: `#/decades/${encodeURIComponent(id)}` }, name))));

function otherAlliances(id) {
  const others = DATA.chronicles.filter((one) => one.id !== id);
  return others.length ? html("section", { class: "part" }, html("h2", {}, "Other alliances"), listOf(others)) : null;
}
