// What a person in a seat sees: the private brief, the decision of the day, and what is written.

import { html } from "./dom.js";

/** "With 2 others in this seat: the majority decides", and for a speaker. */
function together({ persons, speaks }, deciding) {
  if (persons < 2) return "";
  const others = `You share this seat with ${persons - 1} other${persons > 2 ? "s" : ""}.`;
  if (deciding === "majority") return `${others} The majority decides; in a tie, whoever sat down first.`;
  return `${others} ${speaks ? "You speak for it: your choice counts." : "Its speaker decides. Your choice is advice."}`;
}

export function seatBrief(brief, room) {
  const shared = together(brief, room.deciding);
  const details = (name, title, ...inside) => html("details", { "data-keep": `${name}-${brief.state}` },
    html("summary", {}, title), ...inside);
  return html("section", { class: "card brief-card", "aria-label": `You govern ${brief.name}` },
    html("h2", {}, `You govern ${brief.name}`), shared ? html("p", { class: "small" }, shared) : null,
    html("h3", {}, "Your goals"), html("ul", { class: "goals" }, ...brief.goals.map((goal) => html("li", {}, goal))),
    html("p", { class: "small" }, "Only this seat sees its goals."),
    details("advice", "What your advisers say", html("p", {}, brief.advice), html("p", {}, brief.standing)),
    details("codes", "What your government is like", html("p", {}, brief.why), html("table", {}, html("tbody", {},
      ...brief.codes.map(([name, word]) => html("tr", {}, html("th", { scope: "row" }, name), html("td", {}, word)))))),
    details("hears", "Where the others stand", html("ul", {}, ...brief.hears.map((text) => html("li", {}, text)))));
}

/** The lines that are open today; what is pressed counts for this day alone. */
export function seatDecision(brief, room, send) {
  const pick = (line) => {
    const votes = brief.votes[line.line] ?? 0;
    return html("label", { class: "line" }, html("input", { type: "radio", name: `line-${brief.state}`,
      "data-keep": `line-${brief.state}-${line.line}`, checked: brief.chosen === line.line,
      onchange: () => send({ do: "choose", state: brief.state, line: line.line, day: room.day }) }),
      html("span", {}, html("strong", {}, line.title), html("span", { class: "small" }, ` ${line.hint}`),
        line.says ? html("span", { class: "small says" }, line.says) : null),
      brief.persons > 1 && votes ? html("span", { class: "votes" }, `${votes} of ${brief.persons}`) : null);
  };
  const rest = brief.held ? `Before: ${brief.held}. That stands if you choose nothing.` : "The model decides if you choose nothing.";
  return html("fieldset", { class: "card decide" }, html("legend", {}, `${brief.name}: what do you say on day ${room.day}?`),
    ...brief.lines.map(pick),
    html("p", { class: `small ${brief.chosen ? "chosen" : ""}` },
      brief.chosen ? `Chosen for day ${room.day}. You can change it until the day is over.` : `Not chosen yet. ${rest}`));
}

const WRITES = { type: "text", maxlength: 280, autocomplete: "off" };

function writing(label, name, button, done, ...before) {
  const text = html("input", { ...WRITES, "data-keep": name, "aria-label": label, placeholder: label });
  return html("form", { class: "writing", onsubmit: (event) => {
    event.preventDefault();
    if (text.value.trim()) done(text.value);
    text.value = "";
  } }, ...before, text, html("button", { type: "submit", "data-keep": `${name}-send` }, button));
}

export function seatStatement(room, holds, send) {
  const mine = room.seats.find(({ state }) => holds.includes(state));
  if (!mine) return null;
  return html("section", { class: "part" }, html("h2", {}, "Public statement"),
    mine.stated ? html("p", { class: "small" }, `Your statement of day ${room.day} is out.`)
      : writing("What you tell everybody", "statement", "Publish", (text) => send({ do: "say", to: "", text })),
    html("p", { class: "small" }, "One for each seat and day. Everybody reads it."));
}

export function seatMessages(room, own, send) {
  const to = html("select", { "data-keep": "to", "aria-label": "To" },
    ...room.seats.filter(({ state }) => !own.holds.includes(state)).map(({ state, name }) => html("option", { value: state }, name)));
  return html("section", { class: "part" }, html("h2", {}, "Messages"),
    writing("What you write", "message", "Send", (text) => send({ do: "say", to: to.value, text }), to),
    messageList(own.messages.slice(-12)),
    html("p", { class: "small" }, "Only the two seats read a message, and the teacher. No real names, please."));
}

/** Statements, the last first; those of earlier days are folded. */
export function statementList({ statements, day, review }, remove = null) {
  const last = [...statements].reverse();
  const isNew = (m) => !review && m.day === day;
  const earlier = last.filter((m) => !isNew(m));
  return html("section", { class: "part" }, html("h2", {}, "Statements"), messageList(last.filter(isNew), remove),
    earlier.length ? html("details", { "data-keep": "statements" }, html("summary", {}, review ? `What was said (${earlier.length})` : `Earlier (${earlier.length})`),
      messageList(earlier, remove)) : null);
}

/** Messages or statements; a host can take one away. */
export function messageList(messages, remove = null) {
  return html("ul", { class: "messages" }, ...messages.map((m) => html("li", {},
    html("strong", {}, m.from), m.to ? ` to ${m.to}` : "", html("span", { class: "small" }, ` day ${m.day} `), m.text,
    remove ? html("button", { type: "button", class: "quiet", "data-keep": `unsay-${m.number}`,
      "aria-label": `Remove what ${m.from} wrote`, onclick: () => remove(m.number) }, "Remove") : null)));
}
