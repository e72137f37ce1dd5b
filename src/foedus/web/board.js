// The debrief of a game: how it went, what it cost, who wanted what, who turned the answer, and the
// forecasts. Each page can be taken home as one file.

import { html, percent, listed } from "./dom.js";
import { LEVELS } from "./ensemble.js";

/** Four shares as one bar. */
export function shareStrip(shares, label) {
  return html("div", { class: "strip", role: "img",
    "aria-label": `${label}: ${shares.map((share, k) => `${LEVELS[k]} ${percent(share)}`).join(", ")}` },
    ...shares.map((share, k) => html("span", { class: `level-${k}`, style: `flex-grow:${share}` },
      share > 0.14 ? html("span", {}, `${LEVELS[k]} ${percent(share)}`) : null)));
}

const chip = (level) => html("span", { class: `chip level-${level}` }, LEVELS[level]);

export function boardOutcome(review, own) {
  const row = (who, level, says) => html("tr", {}, html("th", { scope: "row" }, who),
    html("td", {}, level === null ? "" : chip(level)), html("td", {}, says));
  const turned = review.seats.filter((seat) => seat.turned).map((seat) => seat.name);
  const lead = !review.seats.length ? "The model played every seat."
    : turned.length ? `${listed(turned)} turned the answer.`
      : review.level === review.modelLevel ? "No seat turned the answer." : "No seat alone turned the answer: together they did.";
  return html("section", {}, html("p", { class: "lead" }, lead),
    html("table", { class: "outcome" }, html("caption", { class: "unseen" }, "How it went"), html("tbody", {},
      row(own.holds.length ? "You" : "This game", review.level, review.played),
      row("The model alone, same chance", review.modelLevel, review.modelled),
      row("History", review.historyLevel, review.history))));
}

export function boardCosts(review) {
  return html("section", { class: "part" }, html("h2", {}, "What it cost"), html("ul", {}, ...review.costs.map((text) => html("li", {}, text))));
}

export function boardSeats(review, own) {
  const goal = ({ words, met }) => html("li", { class: met ? "met" : "unmet" }, words, " ", html("strong", {}, met ? "Met." : "Not met."));
  const fact = (name, text) => [html("dt", {}, name), html("dd", {}, text)];
  const seat = (s) => html("section", { class: `card ${own.holds.includes(s.state) ? "mine" : ""}`, "aria-label": s.name },
    html("h3", {}, s.name, own.holds.includes(s.state) ? " (your seat)" : ""),
    html("ul", { class: "goals" }, ...s.goals.map(goal)),
    html("dl", {}, ...fact("Decided", s.decided), ...fact("The model", s.model), ...fact("History", s.history)),
    html("p", { class: s.turned ? "turned" : "small" }, s.mattered));
  return review.seats.length ? html("section", { class: "part" }, html("h2", {}, "Who wanted what, and who turned the answer"),
    html("div", { class: "cards" }, ...review.seats.map(seat))) : null;
}

const SHOWN = 5; // forecasts on the board, beside one's own and those that nobody gave

export function boardScores(review, own) {
  const isMine = ({ person }) => person && person === own.id;
  const worst = Math.max(...review.scores.map((row) => row.error), 0.5);
  const row = ({ who, error, person }) => html("tr", { class: isMine({ person }) ? "mine" : "" },
    html("th", { scope: "row" }, who, isMine({ person }) ? " (you)" : ""),
    html("td", { class: "error-bar", "aria-hidden": "true" }, html("span", { style: `width:${(100 * error) / worst}%` })),
    html("td", { class: "number" }, error.toFixed(2)));
  const table = (caption, rows) => html("table", { class: "scores" }, html("caption", { class: "small" }, caption), html("tbody", {}, ...rows.map(row)));
  const best = review.scores.filter((score, n) => n < SHOWN || !score.person || isMine(score));
  return html("section", { class: "part" }, html("h2", {}, "Forecasts"),
    table("Error of each forecast of this game's answer: the smallest is the best", best),
    best.length === review.scores.length ? null : html("details", {}, html("summary", {}, `All ${review.scores.length}`),
      table("Every forecast", review.scores)),
  html("p", { class: "small" }, "Mean ranked probability score over the days until the answer was settled: 0 is perfect, 3 the worst. " +
    "One game proves nothing about a forecaster."));
}

export function boardOdds(review) {
  const was = (k) => (k === review.historyLevel ? "was" : "");
  return html("section", { class: "part" }, html("h2", {}, "Under other chance, and under other theories"),
    html("div", { class: "wide", tabindex: "0", role: "group", "aria-label": "How likely each answer is" }, html("table", {},
      html("thead", {}, html("tr", {}, html("td", {}), ...LEVELS.map((word, k) => html("th", { scope: "col", class: was(k) }, word)))),
      html("tbody", {}, ...review.odds.map((row) => html("tr", {}, html("th", { scope: "row", title: row.claim }, row.name),
        ...row.shares.map((share, k) => html("td", { class: `number ${was(k)}` }, percent(share)))))))),
    html("p", { class: "small" }, `${review.historyLevel === null ? "" : "Orange frame: what happened. "}${review.uncertainty}`));
}

export function boardTake(room, node, council) {
  const name = `${room.crisis}-game-${room.game}`;
  return html("div", { class: "actions take" },
    html("button", { type: "button", class: "main", "data-keep": "take", onclick: () => give(`${name}.html`, "text/html", homePage(room, node, council)) }, "Take this page home"),
    html("button", { type: "button", "data-keep": "data", onclick: () => give(`${name}.json`, "application/json", JSON.stringify(room.review, null, 1)) }, "Download the data"),
    html("button", { type: "button", "data-keep": "print", onclick: () => print() }, "Print"));
}

export function give(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  html("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** The page as one file without a script: the council as the picture it is now. */
function homePage(room, node, council) {
  const copy = node.cloneNode(true);
  const picture = html("div", { class: "picture" });
  const root = council.shadowRoot;
  const style = html("style", {}, [...root.adoptedStyleSheets].flatMap((sheet) => [...sheet.cssRules])
    .map((rule) => rule.cssText.replace(":host", ".picture")).join("\n"));
  picture.append(style, root.querySelector("svg").cloneNode(true));
  copy.querySelector("foedus-council")?.replaceWith(picture);
  for (const gone of copy.querySelectorAll(".actions, button, form, select, .next-game, .status, .problem")) gone.remove();
  for (const details of copy.querySelectorAll("details")) details.open = true;
  const look = document.querySelector("style").cloneNode(true);
  const title = html("title");
  title.textContent = room.title;
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; ` +
    `style-src 'unsafe-inline'"><meta name="viewport" content="width=device-width, initial-scale=1">${title.outerHTML}${look.outerHTML}</head>` +
    `<body><main>${copy.outerHTML}</main></body></html>\n`;
}
