// Role play and class rooms: a page of a room on the server. What it shows is what the server last
// sent; what is pressed is sent with the day it is meant for. A lost connection comes back by itself.

import { html, percent } from "./dom.js";
import { guessForm } from "./parts.js";
import { LEVELS } from "./ensemble.js";

const RETRY_MS = [300, 800, 1500, 3000];
const KEYS = "foedus-room-"; // keys are kept for this tab alone, and never in an address

export function remembered(code) {
  try { return sessionStorage.getItem(KEYS + code) ?? ""; } catch { return ""; }
}

function remember(code, key) {
  try { sessionStorage.setItem(KEYS + code, key); } catch { /* a browser that keeps nothing */ }
}

/** One room, as it is shown. `first` is what the page asks for when it connects. */
export class RoomPage {
  constructor(first, { crises, where, opened }) {
    this.first = first;
    this.where = where;
    this.crises = crises;
    this.opened = opened;
    this.tries = 0;
    this.problem = html("p", { class: "problem", role: "alert", hidden: true });
    this.status = html("p", { class: "small", role: "status" });
    this.head = html("div");
    this.main = html("div", { class: "room-main" });
    this.side = html("aside", { "aria-label": "The room" });
    this.council = html("foedus-council");
    this.node = html("article", { class: "play" }, this.head, this.problem, this.status,
      html("div", { class: "stage" }, this.main, this.side));
    this.head.append(html("h1", { tabindex: "-1" }, "Connecting"));
    this.#connect();
    this.clock = setInterval(() => this.#tick(), 1000);
  }

  update() {}

  close() {
    this.gone = true;
    clearInterval(this.clock);
    this.socket?.close();
  }

  #connect() {
    this.socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/room`);
    this.socket.onopen = () => {
      this.tries = 0;
      this.status.textContent = "";
      const again = this.code ? { do: "enter", code: this.code, key: remembered(this.code) } : this.first;
      this.socket.send(JSON.stringify(again));
    };
    this.socket.onmessage = (event) => this.#received(JSON.parse(event.data));
    this.socket.onclose = () => {
      if (this.gone) return;
      this.status.textContent = "The connection is lost. Trying again.";
      setTimeout(() => this.#connect(), RETRY_MS[Math.min(this.tries++, RETRY_MS.length - 1)]);
    };
  }

  send(asked) {
    this.problem.hidden = true;
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(asked));
    else this.#complain("Not connected just now: press again in a moment.");
  }

  #complain(text) {
    this.problem.textContent = text;
    this.problem.hidden = false;
    if (!this.room) this.head.querySelector("h1").textContent = "This room cannot be opened";
  }

  #received(told) {
    if (told.problem) this.#complain(told.problem);
    if (told.you) {
      this.code = told.you.code;
      remember(this.code, told.you.key);
      this.opened(this.code);
    }
    if (told.session) this.#download(told.session);
    if (!told.room) return;
    const before = this.room;
    this.room = told.room;
    this.own = told.own;
    this.#show(before);
    document.documentElement.dataset.version = `${this.room.day}`;
  }

  #download(text) {
    const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    html("a", { href: url, download: `${this.room.crisis}-day-${this.room.day}.json` }).click();
    URL.revokeObjectURL(url);
  }

  // ---- showing --------------------------------------------------------------------------------

  #show(before) {
    const { room, own } = this;
    const isNew = !before || before.day !== room.day || before.crisis !== room.crisis || Boolean(before.review) !== Boolean(room.review);
    if (isNew) {
      this.head.replaceChildren(html("h1", { tabindex: "-1" }, room.title),
        html("p", { class: "question" }, room.review ? "Looking back" : `Day ${room.day}, ${room.date}`));
      this.head.querySelector("h1").focus({ preventScroll: true });
    }
    if (!room.hostThere && !own.host) this.status.textContent = "The teacher's page is away. Your choices are kept.";
    else if (this.status.textContent.startsWith("The teacher")) this.status.textContent = "";
    this.#keepTyping(() => {
      this.main.replaceChildren(...(room.review ? this.#review() : this.#day()));
      this.side.replaceChildren(...this.#room());
    });
    const council = room.review?.council ?? room.council;
    if (council && (isNew || !this.council.data)) this.council.data = council;
    if (council && isNew) this.council.show(council.days.length - 1, { moving: !room.review });
  }

  /** Redrawing keeps what is being typed, and where. */
  #keepTyping(draw) {
    const typing = this.node.contains(document.activeElement) ? document.activeElement : null;
    const kept = typing?.dataset?.keep ? { id: typing.dataset.keep, value: typing.value, at: typing.selectionStart } : null;
    const others = [...this.node.querySelectorAll("[data-keep]")].map((input) => [input.dataset.keep, input.value]);
    draw();
    for (const [id, value] of others) {
      const again = this.node.querySelector(`[data-keep="${id}"]`);
      if (again && again.tagName !== "BUTTON" && again.type !== "radio") again.value = value;
    }
    if (!kept) return;
    const again = this.node.querySelector(`[data-keep="${kept.id}"]`);
    again?.focus({ preventScroll: true });
    if (kept.at !== null && again?.setSelectionRange && again.type === "text") again.setSelectionRange(kept.at, kept.at);
  }

  #day() {
    const { room, own } = this;
    const parts = [html("p", { class: "lead" }, room.situation)];
    if (room.council) parts.push(this.council);
    else parts.push(html("p", { class: "brief" }, room.summary));
    if (room.news.length) parts.push(this.#news());
    if (room.day === 0 && !own.forecast && (!own.host || room.private)) {
      parts.push(guessForm((shares) => this.send({ do: "forecast", shares })));
    }
    if (room.settled && !room.over) parts.push(html("p", { class: "lead" }, "The force is decided. The crisis goes on: live the next days and see what the decision brings."));
    parts.push(...own.briefs.map((brief) => this.#brief(brief)));
    if (!own.briefs.length && !own.host) {
      parts.push(html("p", {}, "You look on. Take a seat to decide for a member, or give a forecast."));
    }
    return parts;
  }

  #news() {
    const latest = this.room.news.filter(({ day }) => day >= this.room.day - 3);
    return html("section", { class: "part", "aria-label": "News" }, html("h2", {}, "News"),
      html("ul", {}, ...latest.map(({ day, text }) => html("li", {}, `Day ${day}: ${text}`))));
  }

  #brief(brief) {
    const { room } = this;
    const pick = (line) => html("label", { class: "line" }, html("input", { type: "radio", name: `line-${brief.state}`,
      "data-keep": `line-${brief.state}-${line.line}`, checked: (brief.chosen ?? brief.held) === line.line,
      onchange: () => this.send({ do: "choose", state: brief.state, line: line.line, day: room.day }) }),
      html("span", {}, html("strong", {}, line.title), html("span", { class: "small" }, ` ${line.hint}`),
        brief.votes[line.line] > 1 || Object.keys(brief.votes).length > 1
          ? html("span", { class: "small" }, ` (${brief.votes[line.line] ?? 0} in your seat)`) : null));
    return html("section", { class: "part brief-card", "aria-label": `You govern ${brief.name}` },
      html("h2", {}, `You govern ${brief.name}`),
      html("p", { class: "small" }, "For your eyes only:"),
      html("ul", {}, ...brief.goals.map((goal) => html("li", {}, goal))),
      html("p", {}, brief.advice, " ", brief.standing),
      html("details", {}, html("summary", {}, "What your government is like"), html("p", {}, brief.why),
        html("table", {}, html("tbody", {}, ...brief.codes.map(([name, , word]) => html("tr", {}, html("th", { scope: "row" }, name), html("td", {}, word)))))),
      html("details", {}, html("summary", {}, "What you hear of the others"), html("ul", {}, ...brief.hears.map((text) => html("li", {}, text)))),
      html("fieldset", {}, html("legend", {}, `What do you say on day ${room.day}?`), ...brief.lines.map(pick),
        html("p", { class: "small" }, brief.chosen ? "Chosen. You can change it until the day is lived." : "Not chosen yet.")),
      room.private ? null : this.#speaking());
  }

  #speaking() {
    const others = this.room.seats.filter(({ state }) => !this.own.holds.includes(state));
    const to = html("select", { "data-keep": "to", "aria-label": "To whom" }, html("option", { value: "" }, "all (a public statement)"),
      ...others.map(({ state, name }) => html("option", { value: state }, name)));
    const text = html("input", { type: "text", maxlength: 280, "data-keep": "text", "aria-label": "What you write" });
    const send = (event) => {
      event.preventDefault();
      if (text.value.trim()) this.send({ do: "say", to: to.value, text: text.value });
      text.value = "";
    };
    return html("form", { class: "speaking", onsubmit: send }, html("h3", {}, "Write"), to, text,
      html("button", { type: "submit", "data-keep": "send" }, "Send"),
      html("ul", { class: "small" }, ...this.own.messages.slice(-8).map((m) => html("li", {}, `Day ${m.day}, ${m.from} to ${m.to}: ${m.text}`))));
  }

  #room() {
    const { room, own } = this;
    const parts = [];
    if (room.code) {
      parts.push(html("p", {}, "Code of this room: ", html("strong", { class: "code" }, room.code)));
      if (own.host && this.where) parts.push(html("p", { class: "small" }, `Pupils open ${this.where}/class/${room.code}`));
    }
    if (room.timer) parts.push(this.timer = html("p", { class: "timer", role: "timer" }));
    if (own.host) parts.push(this.#hosting());
    if (!room.review) parts.push(this.#seats());
    if (room.statements.length) {
      parts.push(html("section", { class: "part" }, html("h2", {}, "Statements"),
        html("ul", {}, ...room.statements.slice(-10).map((s) => html("li", {}, html("strong", {}, s.from), ` (day ${s.day}): ${s.text}`)))));
    }
    this.#tick();
    return parts;
  }

  #seats() {
    const { room, own } = this;
    const row = (seat) => {
      const roles = [seat.asks ? "in crisis" : "", seat.lead ? "lead state" : ""].filter(Boolean).join(", ");
      const state = !seat.holders ? "played by the model"
        : `${seat.present} of ${seat.holders} here, ${seat.decided ? "decided" : "not decided"}`;
      const mine = own.holds.includes(seat.state);
      return html("li", {}, html("strong", {}, seat.name), roles ? ` (${roles})` : "", html("span", { class: "small" }, ` ${state} `),
        room.private || own.host ? null : mine
          ? html("button", { type: "button", "data-keep": `leave-${seat.state}`, onclick: () => this.send({ do: "sit", state: "" }) }, "Leave")
          : html("button", { type: "button", "data-keep": `sit-${seat.state}`, onclick: () => this.send({ do: "sit", state: seat.state }) }, "Take this seat"),
        own.host && seat.holders && !room.private
          ? html("button", { type: "button", class: "quiet", onclick: () => this.send({ do: "free", state: seat.state }) }, "Free it") : null);
    };
    return html("section", { class: "part" }, html("h2", {}, "Seats"), html("ul", { class: "seats" }, ...room.seats.map(row)),
      room.private ? null : html("p", { class: "small" }, `${room.onlookers} look on, ${room.forecasts} forecasts given.`));
  }

  #hosting() {
    const { room } = this;
    const button = (words, asked, name, kind = "") => html("button", { type: "button", class: kind, "data-keep": name, onclick: () => this.send(asked) }, words);
    if (room.review) {
      const next = html("select", { "data-keep": "next", "aria-label": "Next crisis" }, ...this.crises.map(({ id, title }) => html("option", { value: id }, title)));
      return html("div", { class: "actions" }, button("Play again, other chance", { do: "again" }, "again"),
        html("label", {}, next), html("button", { type: "button", onclick: () => this.send({ do: "crisis", crisis: next.value }) }, "Play this crisis"));
    }
    const waiting = room.undecided.length;
    const names = room.seats.filter(({ state }) => room.undecided.includes(state)).map(({ name }) => name);
    return html("div", {}, waiting ? html("p", { class: "small" }, `Not decided: ${names.join(", ")}.`) : null,
      html("div", { class: "actions" },
        waiting && !room.settled ? button("Live the day anyway", { do: "live", anyway: true }, "live") : button(room.settled ? "Next day" : "Live the day", { do: "live", anyway: true }, "live", "main"),
        button("To the end", { do: "end" }, "end", "quiet"), button("Save", { do: "save" }, "save", "quiet")),
      room.private ? null : html("div", { class: "actions" },
        button("Timer: 3 minutes", { do: "timer", seconds: 180 }, "timer"), room.timer ? button("Stop the timer", { do: "timer", seconds: 0 }, "stop", "quiet") : null,
        button(room.deciding === "majority" ? "Seats vote (majority). Let speakers decide" : "Speakers decide. Let seats vote",
          { do: "deciding", by: room.deciding === "majority" ? "speaker" : "majority" }, "deciding", "quiet")));
  }

  #tick() {
    if (!this.timer?.isConnected || !this.room?.timer) return;
    const left = Math.max(0, Math.round(this.room.timer - Date.now() / 1000));
    this.timer.textContent = left ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")} left` : "Time is up.";
  }

  // ---- looking back ---------------------------------------------------------------------------

  #review() {
    const { review } = this.room;
    const seat = (s) => html("section", { class: "part" }, html("h3", {}, s.name),
      html("ul", {}, ...s.goals.map((goal) => html("li", {}, `${goal.words} `, html("strong", {}, goal.met ? "Met." : "Not met.")))),
      html("p", {}, `Decided: ${s.decided}. The model: ${s.model}. History: ${s.history}. `, html("strong", {}, s.mattered)));
    const odds = html("table", {}, html("caption", {}, "How likely each answer is"),
      html("thead", {}, html("tr", {}, html("td", {}), ...LEVELS.map((word, k) => html("th", { scope: "col", class: k === review.historyLevel ? "was" : "" }, word)))),
      html("tbody", {}, ...review.odds.map((row) => html("tr", {}, html("th", { scope: "row", title: row.claim }, row.name),
        ...row.shares.map((share, k) => html("td", { class: `number ${k === review.historyLevel ? "was" : ""}` }, percent(share)))))));
    return [html("p", { class: "lead" }, `You: ${review.played}`), html("p", {}, `The model alone, same chance: ${review.modelled}`),
      html("p", {}, html("strong", {}, `In history: ${review.history}`)), this.council,
      html("section", { class: "part" }, html("h2", {}, "What it cost"), html("ul", {}, ...review.costs.map((text) => html("li", {}, text)))),
      html("section", { class: "part" }, html("h2", {}, "Who wanted what, and who turned the answer"), ...review.seats.map(seat)),
      html("section", { class: "part" }, html("h2", {}, "Forecasts"), html("table", {}, html("tbody", {}, ...review.scores.map((row) =>
        html("tr", {}, html("th", { scope: "row" }, row.who), html("td", { class: "number" }, row.error.toFixed(2)))))),
        html("p", { class: "small" }, "Error of each forecast (ranked probability score, 0 is perfect) against the answer of this game.")),
      odds, html("p", { class: "small" }, review.uncertainty),
      html("div", { class: "actions" }, html("button", { type: "button", onclick: () => print() }, "Take this page home (print or PDF)"))];
  }
}

/** Choose a crisis and seats for a role play of one's own, or open or join a class. */
export function entrance(kind, place, { crises, where, isOpen, go }) {
  const crisis = crises.find(({ id }) => id === place.id) ?? crises[0];
  const choice = html("select", { "aria-label": "Crisis", onchange: () => go({ ...place, view: kind, id: choice.value, code: "" }) },
    ...crises.map(({ id, title }) => html("option", { value: id, selected: id === crisis.id }, title)));
  const problem = html("p", { class: "problem", role: "alert", hidden: true });
  const complain = (text) => { problem.textContent = text; problem.hidden = false; };
  const parts = [html("h1", { tabindex: "-1" }, kind === "play" ? "Role play" : "Class room"), problem];
  if (kind === "play") {
    const ticks = crisis.situation.members.map((state) => html("input", { type: "checkbox", value: state, checked: place.as?.includes(state) }));
    const begin = () => {
      const seats = ticks.filter((tick) => tick.checked).map((tick) => tick.value);
      if (seats.length) go({ ...place, view: "play", id: crisis.id, begins: seats });
      else complain("Take at least one seat.");
    };
    const file = html("input", { type: "file", accept: ".json,application/json", "aria-label": "A saved role play", onchange: async () => {
      if (file.files[0]) go({ ...place, view: "play", id: crisis.id, session: await file.files[0].text() });
    } });
    parts.push(html("p", { class: "lead" }, "Decide for a member, day by day. The model plays all others."), choice,
      html("p", { class: "question" }, crisis.question),
      html("fieldset", {}, html("legend", {}, "Whose seat do you take?"), ...ticks.map((tick, n) =>
        html("label", { class: "line" }, tick, html("span", {}, crisis.names[crisis.situation.members[n]],
          n === crisis.situation.requester ? " (in crisis)" : "", n === crisis.situation.patron ? " (lead state)" : "")))),
      html("div", { class: "actions" }, html("button", { type: "button", class: "button", onclick: begin }, "Begin")),
      html("details", {}, html("summary", {}, "Go on with a saved role play"), file));
  } else {
    const code = html("input", { type: "text", maxlength: 12, "aria-label": "Code of the room", autocapitalize: "characters", autocomplete: "off" });
    const join = (event) => {
      event.preventDefault();
      if (code.value.trim()) go({ view: "class", id: code.value.trim().toUpperCase(), set: {} });
    };
    parts.push(html("p", { class: "lead" }, "Many persons, one council. Each seat may be held by several."),
      html("form", { class: "actions", onsubmit: join }, html("label", {}, "Code from the teacher ", code), html("button", { type: "submit", class: "button" }, "Join")));
    if (isOpen) {
      parts.push(html("section", { class: "part" }, html("h2", {}, "For the teacher"), choice, html("div", { class: "actions" },
        html("button", { type: "button", onclick: () => go({ view: "class", id: "new", opens: choice.value, set: {} }) }, "Open a class room")),
        html("p", { class: "small" }, `Pupils open ${where}/class and type the code.`)));
    } else parts.push(html("p", { class: "small" }, "To open a room here, start the app with --host (see the teaching guide)."));
  }
  return html("article", { class: "play" }, ...parts);
}

