// The host's side: who has decided, the next day with a confirmation, the timer, the next game.

import { html, listed } from "./dom.js";
import { crisisOptions } from "./parts.js";
import { CALLS } from "./place.js";

const MINUTES = [1, 3, 5];

const press = (words, done, name, kind = "") => html("button", { type: "button", class: kind, "data-keep": name, onclick: done }, words);

/** Code and address for the wall. */
export function doorPlate(room, where) {
  return html("section", { class: "card door", "aria-label": "How to join" },
    html("p", {}, "Open ", html("strong", {}, where ? `${where}/class` : "this page"), " and type the code"),
    html("p", { class: "code", "aria-label": `Code ${[...room.code].join(" ")}` }, room.code),
    html("p", { class: "small" }, "No names: a person is a seat."));
}

/** The next day; undecided seats ask for a second press that says what happens to them. */
export function dayControl(room, asksFirst, { send, ask }) {
  const waiting = room.seats.filter(({ state }) => room.undecided.includes(state));
  const live = () => send({ do: "live", day: room.day, anyway: true });
  const words = room.settled ? "Next day" : `Close day ${room.day}`;
  if (asksFirst && waiting.length) {
    const name = (seats) => listed(seats.map((seat) => seat.name));
    const [held, free] = [waiting.filter((s) => s.hasHeld), waiting.filter((s) => !s.hasHeld)];
    return html("div", { class: "card hosting confirm", role: "alertdialog", "aria-label": "Close the day?" },
      html("p", {}, html("strong", {}, `${name(waiting)} ${waiting.length > 1 ? "have" : "has"} not decided.`)),
      held.length ? html("p", { class: "small" }, `The last line stands for ${name(held)}.`) : null,
      free.length ? html("p", { class: "small" }, `The model decides for ${name(free)}.`) : null,
      html("div", { class: "actions" }, press("Wait", () => ask(false), "wait", "main"), press("Close the day anyway", live, "anyway")));
  }
  return html("div", { class: "card hosting", role: "group", "aria-label": "The day" },
    room.settled ? null : html("p", { class: "small" }, progress(room, waiting)),
    html("div", { class: "actions" }, press(words, () => (waiting.length ? ask(true) : live()), "live", "main"),
      press("To the end", () => send({ do: "end" }), "end", "quiet"), press("Save", () => send({ do: "save" }), "save", "quiet")));
}

function progress(room, waiting) {
  const taken = room.seats.filter(({ present }) => present).length;
  if (room.private) return waiting.length ? `Not decided yet: ${listed(waiting.map(({ name }) => name))}.` : "Decided. Close the day to see what the council does.";
  if (!taken) return "Nobody has a seat yet: the model plays all.";
  return waiting.length ? `${taken - waiting.length} of ${taken} seats have decided.` : "All seats have decided.";
}

export function classSettings(room, own, send, key) {
  const other = room.deciding === "majority" ? "speaker" : "majority";
  return html("section", { class: "part", "aria-label": "Settings" },
    html("div", { class: "actions" }, html("span", {}, "Timer"),
      ...MINUTES.map((n) => press(`${n} min`, () => send({ do: "timer", seconds: 60 * n }), `timer-${n}`)),
      room.timer === null ? null : press("Stop", () => send({ do: "timer", seconds: 0 }), "stop", "quiet")),
    html("div", { class: "actions" }, html("span", {}, `In a seat, the ${room.deciding} decides.`),
      press(`Let the ${other} decide`, () => send({ do: "deciding", by: other }), "deciding")),
    own.nLate ? html("p", { class: "small" }, `${own.nLate} decision${own.nLate > 1 ? "s" : ""} came too late and did not count.`) : null,
    html("details", { "data-keep": "host-key" }, html("summary", {}, "If you lose this page"),
      html("p", { class: "small" }, "Open Class room, Come back with a key, and type the code and this key: ", html("code", {}, key))));
}

/** Whether the class plays history's request, or the treaty's. */
export const requestMenu = (chosen = "") => html("select", { "data-keep": "request", "aria-label": "Request" },
  ...["", "treaty", "none"].map((value) => html("option", { value, selected: value === chosen }, CALLS[value] ?? "as in history")));

/** After the end: the same crisis under other chance, or another. */
export function nextGame(room, crises, send) {
  const again = press("Play again, other chance", () => send({ do: "again" }), "again", "main");
  if (room.private) return html("div", { class: "card actions next-game" }, again, html("a", { class: "button", href: "#/play" }, "Another crisis"));
  const after = crises[(crises.findIndex(({ id }) => id === room.crisis) + 1) % crises.length].id;
  const next = html("select", { "data-keep": "next", "aria-label": "Next crisis" },
    ...crisisOptions(crises.filter(({ id }) => id !== room.crisis), after));
  const request = requestMenu();
  const play = () => send({ do: "crisis", crisis: next.value, request: request.value });
  return html("section", { class: "card next-game", "aria-label": "Next game" }, html("h2", {}, "Next game"), html("div", { class: "actions" }, again),
    html("div", { class: "choices" }, html("label", {}, "Crisis", next), html("label", {}, "Request", request)),
    html("div", { class: "actions" }, press("Play this crisis", play, "crisis")),
    html("p", { class: "small" }, "Everybody keeps the seat where the next crisis has it."));
}

/** Seats: who is there, who has decided; a free chair for whoever has none. */
export function seatList(room, own, send) {
  const row = (seat) => {
    const roles = [seat.asks ? "in crisis" : "", seat.lead ? "lead state" : ""].filter(Boolean).join(", ");
    const people = seat.present === 1 ? "1 person" : `${seat.present} persons`;
    const says = !seat.holders ? "the model plays it" : !seat.present ? "nobody is here; its last line stands"
      : room.settled ? people : `${people}, ${seat.decided ? "decided" : seat.chosen ? `${seat.chosen} chose` : "not decided"}`;
    const isMine = own.holds.includes(seat.state);
    const press_ = room.private ? null : own.host
      ? seat.holders ? press("Free it", () => send({ do: "free", state: seat.state }), `free-${seat.state}`, "quiet") : null
      : isMine ? press("Leave", () => send({ do: "sit", state: "" }), `sit-${seat.state}`, "quiet")
        : press("Take this seat", () => send({ do: "sit", state: seat.state }), `sit-${seat.state}`, own.holds.length ? "quiet" : "");
    return html("li", { class: `${isMine ? "mine" : ""} ${seat.decided && !room.settled ? "is-decided" : ""}` },
      html("span", {}, html("strong", {}, seat.name), roles ? ` (${roles})` : "", html("span", { class: "small says" }, says)), press_);
  };
  return html("section", { class: "part" }, html("h2", {}, "Seats"), html("ul", { class: "seats" }, ...room.seats.map(row)),
    room.private ? null : html("p", { class: "small" }, `Onlookers: ${room.onlookers}. Forecasts given: ${room.forecasts}.`));
}
