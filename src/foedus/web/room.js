// A room on the server as a page shows it: role play for one, or a class. What it shows is what the
// server last sent; what is pressed is sent with the day it is meant for.

import { html } from "./dom.js";
import { Link, remembered } from "./link.js";
import { Pieces } from "./pieces.js";
import { guessForm } from "./parts.js";
import { seatBrief, seatDecision, seatStatement, seatMessages, messageList, statementList } from "./seat.js";
import { doorPlate, dayControl, classSettings, nextGame, seatList } from "./hosting.js";
import { memberNote } from "./member.js";
import { boardOutcome, boardCosts, boardSeats, boardScores, boardOdds, boardTake, shareStrip, give } from "./board.js";

export class RoomPage {
  constructor(first, { crises, where, opened }) {
    Object.assign(this, { crises, where, opened, pieces: new Pieces(), asksFirst: false });
    this.problem = html("p", { class: "problem", role: "alert", hidden: true });
    this.status = html("p", { class: "status", role: "status" });
    this.title = html("h1", { tabindex: "-1" }, "Connecting");
    this.when = html("p", { class: "question" });
    this.timer = html("p", { class: "timer", role: "timer", hidden: true });
    this.main = html("div", { class: "room-main" });
    this.side = html("aside", { class: "room-side", "aria-label": "Your side" });
    this.lead = html("div", { class: "room-lead" });
    this.below = html("div", { class: "room-below" });
    this.council = html("foedus-council", { explains: true });
    for (const name of ["foedus-member", "foedus-day"]) this.council.addEventListener(name, () => this.room && this.#arrange());
    this.node = html("article", { class: "play" }, html("div", { class: "room-head" }, this.title, this.when, this.timer),
      this.problem, this.status, this.lead, html("div", { class: "stage room-stage" }, this.main, this.side), this.below);
    this.clock = setInterval(() => this.#tick(), 500);
    this.send = (asked) => { this.problem.hidden = true; this.link.send({ ...asked, game: this.room.game }); if (!this.link.isOpen) this.#say("Not connected now. This is sent when the connection is back."); };
    this.link = new Link(first, { told: (told) => this.#received(told), state: (state) => this.#connection(state) });
  }

  update() {}

  close() {
    clearInterval(this.clock);
    this.link.close();
  }

  #connection(state) {
    this.isLost = state === "lost";
    this.#say(this.isLost ? "The connection is lost. This page tries again by itself; nothing is lost." : "");
    if (state === "there") this.opened(this.link.code);
  }

  #say(text) {
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  #complain(text) {
    this.problem.textContent = `${text[0].toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
    this.problem.hidden = false;
    if (this.room) return;
    this.title.textContent = "This room cannot be opened";
    this.main.replaceChildren(html("p", {}, html("a", { class: "button", href: "#/class" }, "Type another code")));
  }

  #received(told) {
    if (told.problem) this.#complain(told.problem);
    if (told.session) give(`${this.room.crisis}-day-${this.room.day}.json`, "application/json", told.session);
    if (told.past) this.past = told.past;
    if (!told.room) return;
    const before = this.room;
    this.room = { ...told.room, ...this.past, day: told.room.day };
    this.own = told.own;
    this.ends = told.room.timer === null ? null : performance.now() + 1000 * told.room.timer;
    this.#show(before);
    document.documentElement.dataset.chosen = `${this.room.day}:${this.room.seats.reduce((t, seat) => t + seat.chosen, 0)}`;
    document.documentElement.dataset.day = `${this.room.game}.${this.room.day}.${this.room.review ? "over" : "on"}`;
  }

  // ---- showing --------------------------------------------------------------------------------

  #show(before) {
    const { room, own } = this;
    const isNew = !before || before.game !== room.game || before.day !== room.day || Boolean(before.review) !== Boolean(room.review);
    if (isNew) this.#begin(before);
    if (!this.isLost) this.#say(this.#news(before, isNew));
    if (!room.undecided.length) this.asksFirst = false;
    const council = room.review?.council ?? room.council;
    if (council && isNew) {
      this.council.data = council;
      this.council.show(council.days.length - 1, { moving: !room.review });
    }
    this.node.classList.toggle("is-host", own.host && !room.private);
    this.node.classList.toggle("has-seat", own.holds.length > 0);
    this.node.classList.toggle("is-over", Boolean(room.review));
    this.#tick();
    this.#arrange();
  }

  #arrange() {
    const { room } = this;
    const [main, side, below] = room.review ? this.#review() : [room.day ? this.#day() : this.#lobby(), this.#side(), []];
    this.pieces.arrange(this.lead, room.review ? [] : [this.#situation(), this.#latest()]);
    this.pieces.arrange(this.main, main);
    this.pieces.arrange(this.side, side);
    this.pieces.arrange(this.below, below);
  }

  #begin(before) {
    const { room } = this;
    this.asksFirst = false;
    this.title.textContent = room.title;
    document.title = `${room.title} · foedus`;
    this.when.textContent = room.review ? "Debrief" : room.over ? "The crisis is over" : `Day ${room.day}, ${room.date}`;
    const types = ["INPUT", "SELECT"].includes(document.activeElement?.tagName);
    if (!types && (!before || Boolean(before.review) !== Boolean(room.review))) this.title.focus({ preventScroll: true });
  }

  /** One line on what has just changed, for everybody. */
  #news(before, isNew) {
    const { room, own } = this;
    if (!room.hostThere && !own.host) return "The teacher's page is away. Your choices are kept.";
    if (room.over && !room.review) return "The crisis is over. The debrief is being prepared.";
    if (before && isNew && room.game !== before.game) return "A new game begins.";
    if (before && isNew && !room.review) return `Day ${room.day} begins.`;
    return isNew || this.status.textContent.startsWith("The teacher") || this.status.textContent.startsWith("The crisis is over") ? "" : this.status.textContent;
  }

  #piece(name, shows, make) {
    return this.pieces.of(name, shows, make);
  }

  #lobby() {
    const { room, own } = this;
    return [this.#piece("known", room.crisis, () => html("section", {}, html("p", { class: "question" }, room.question),
      html("details", { open: !matchMedia("(max-width: 820px)").matches }, html("summary", {}, "What is known on this day"), html("p", {}, room.summary)))),
      this.#forecast(), own.host && !room.private ? this.#allMessages() : null];
  }

  #day() {
    return [this.council, this.#member(), this.#earlier(), this.#crowd(), this.#forecast(), this.#allMessages()];
  }

  #situation() {
    const { room } = this;
    return this.#piece("situation", [room.situation, room.settled, room.over], () => html("div", {}, html("p", { class: "lead" }, room.situation),
      room.settled && !room.over ? html("p", { class: "turned" }, "The force is decided. The crisis goes on: see what the decision brings.") : null));
  }

  /** What is known of the member that was chosen in the picture, on the day shown. */
  #member() {
    const { data, day, chosen } = this.council;
    return chosen && data ? this.#piece("member", [chosen, day, data.days.length, this.room.game], () => memberNote(data, day, chosen)) : null;
  }

  /** What the last day brought stands at the top, on a phone too. */
  #latest() {
    const { room } = this;
    const latest = room.news.filter(({ day }) => day === room.day - 1);
    return latest.length ? this.#piece("latest", [latest, room.day], () => html("section", { class: "news", "aria-label": "News" },
      html("ul", {}, ...latest.map(({ text }) => html("li", {}, text))))) : null;
  }

  #earlier() {
    const before = this.room.news.filter(({ day }) => day < this.room.day - 1).reverse();
    const row = ({ day, text }) => html("li", {}, html("span", { class: "small" }, `Day ${day} `), text);
    return before.length ? this.#piece("earlier", before, () => html("details", { class: "part", "data-keep": "earlier" },
      html("summary", {}, "Earlier news"), html("ul", { class: "messages" }, ...before.map(row)))) : null;
  }

  #forecast() {
    const { own, room } = this;
    if (!own.mayForecast || (own.host && !room.private)) return null;
    const give_ = (shares) => this.send({ do: "forecast", shares, day: this.room.day });
    return this.#piece("forecast", [own.forecast, room.game, room.day > 0], () => html("section", { class: "part", "aria-label": "Your forecast" },
      html("h2", {}, "Your forecast"), own.forecast ? shareStrip(own.forecast, "Your forecast") : null,
      html("details", { "data-keep": own.forecast ? "forecast-again" : "forecast", open: !own.forecast && !room.day },
        html("summary", {}, own.forecast ? "Change it" : "How will this council answer?"),
        guessForm(give_, "Which answer will this game bring?")),
      html("p", { class: "small" }, "It is scored at the end. You can change it until the answer is settled.")));
  }

  #crowd() {
    const { crowd } = this.room;
    return crowd && !this.room.private ? this.#piece("crowd", crowd, () => html("section", { class: "part" }, html("h2", {}, "What the class expects"),
      shareStrip(crowd, "Mean forecast of the class"))) : null;
  }

  /** Messages between seats, for the host alone. */
  #allMessages() {
    const { own, room } = this;
    if (!own.host || room.private) return null;
    return this.#piece("all-messages", own.messages, () => html("details", { class: "part", "data-keep": "all-messages" },
      html("summary", {}, `Messages between seats (${own.messages.length})`),
      messageList(own.messages, (message) => this.send({ do: "unsay", message }))));
  }

  #side() {
    const { room, own, send } = this;
    const isTeacher = own.host && !room.private;
    const parts = [];
    if (isTeacher) parts.push(this.#hosting());
    if (isTeacher) parts.push(this.#piece("door", room.code, () => doorPlate(room, this.where)));
    parts.push(...own.briefs.flatMap((brief) => this.#seat(brief)));
    if (room.private) return [...parts.filter((part) => part?.matches(".decide")), this.#hosting(), ...parts.filter((part) => part && !part.matches(".decide"))];
    if (!own.host && !own.holds.length) {
      parts.push(this.#piece("looker", own.mayForecast, () => html("p", { class: "card" }, own.mayForecast
        ? "You look on. Take a seat to decide for a member, or give a forecast: it is scored." : "You look on. The answer is settled: forecasts are closed.")));
    }
    if (own.holds.length && !room.private && !room.over) {
      const mine = room.seats.filter(({ state }) => own.holds.includes(state));
      parts.push(this.#piece("statement", [mine.map((s) => s.stated), own.holds, room.day], () => seatStatement(room, own.holds, send)),
        this.#piece("messages", [own.messages, own.holds], () => seatMessages(room, own, send)));
    }
    if (room.statements.length) parts.push(this.#statements(isTeacher));
    parts.push(this.#piece("seats", [room.seats, own.holds, room.onlookers, room.forecasts, room.settled], () => seatList(room, own, send)));
    if (isTeacher) parts.push(this.#piece("settings", [room.timer === null, room.deciding, own.nLate], () => classSettings(room, own, send, remembered(room.code))));
    return parts;
  }

  #seat(brief) {
    const { room, send } = this;
    const { chosen, held, votes, lines, ...lasting } = brief;
    const decision = room.settled ? null : this.#piece(`decide-${brief.state}`, [brief, room.day, room.deciding], () => seatDecision(brief, room, send));
    return [decision, this.#piece(`brief-${brief.state}`, [lasting, room.deciding], () => seatBrief(brief, room))];
  }

  #hosting() {
    const { room } = this;
    const ask = (asks) => { this.asksFirst = asks; this.#show(room); this.side.querySelector('[data-keep="wait"], [data-keep="live"]')?.focus(); };
    if (room.over) return null;
    return this.#piece("hosting", [this.asksFirst, room.undecided, room.seats, room.day, room.settled], () => dayControl(room, this.asksFirst, { send: this.send, ask }));
  }

  #statements(mayRemove) {
    const { statements } = this.room;
    const remove = mayRemove ? (message) => this.send({ do: "unsay", message }) : null;
    return this.#piece("statements", [statements, mayRemove, this.room.day, Boolean(this.room.review)], () => statementList(this.room, remove));
  }

  #review() {
    const { room, own, send } = this;
    const { review } = room;
    const part = (name, make) => this.#piece(name, [room.game, own.holds], make);
    const main = [part("outcome", () => boardOutcome(review, own)), this.council, this.#member(), part("take", () => boardTake(room, this.node, this.council))];
    const side = [own.host ? this.#piece("next", room.game, () => nextGame(room, this.crises, send)) : null,
      part("scores", () => boardScores(review, own)), part("costs", () => boardCosts(review))];
    return [main, side, [part("wanted", () => boardSeats(review, own)), part("odds", () => boardOdds(review)),
      room.statements.length ? this.#statements(false) : null]];
  }

  #tick() {
    const left = this.ends === null || this.ends === undefined || !this.room || this.room.review ? null : Math.max(0, Math.round((this.ends - performance.now()) / 1000));
    this.timer.hidden = left === null;
    const text = left === null ? "" : left ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")} left` : "Time is up";
    if (this.timer.textContent !== text) this.timer.textContent = text;
    this.timer.classList.toggle("is-up", left !== null && left <= 10);
  }
}
