// What is known about a crisis: codes with their reasons, what happened, sources.

import { html } from "./dom.js";
import { DATA } from "./place.js";

export function codesOf(crisis) {
  return html("div", {}, html("p", {}, crisis.summary), html("table", { class: "codes" },
    html("caption", { class: "unseen" }, "Codes and reasons"), html("tbody", {},
      ...Object.entries(crisis.reasons).map(([name, { value, why: reason, source }]) => html("tr", {},
        html("th", { scope: "row" }, DATA.labels[name] ?? crisis.names[name] ?? name), html("td", { class: "number" }, value),
        html("td", {}, reason, html("span", { class: "small" }, ` [${source.join(", ")}]`)))))));
}

export function history(crisis) {
  if (!crisis.history) return [];
  const { level, why: reason, stances, troops } = crisis.history;
  const votes = Object.entries(stances).map(([state, stance]) => `${crisis.names[state] ?? state}: ${stance}`);
  const sizes = Object.entries(troops).map(([state, range]) => `${crisis.names[state] ?? state} ${range.map((n) => n.toLocaleString("en")).join(" to ")}`);
  return [html("details", {}, html("summary", {}, `What happened: ${level}`), html("p", {}, reason),
    votes.length ? html("p", {}, `Recorded positions: ${votes.join("; ")}.`) : null,
    sizes.length ? html("p", {}, `Troops: ${sizes.join("; ")}.`) : null)];
}

export function sources(crisis) {
  return html("details", { class: "part" }, html("summary", {}, "Sources"),
    html("ul", { class: "small" }, ...Object.entries(crisis.sources).map(([key, text]) => html("li", {}, html("strong", {}, key), ` ${text}`))));
}
