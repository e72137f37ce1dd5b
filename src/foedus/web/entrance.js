// The doors: take seats for a role play of one's own, join a class by its code, or open one.

import { html } from "./dom.js";
import { otherPlace, said } from "./beside.js";
import { requestMenu } from "./hosting.js";
import { remember } from "./link.js";
import { crisisOptions } from "./parts.js";

export function entrance(kind, place, about) {
  const problem = html("p", { class: "problem", role: "alert", hidden: true });
  const complain = (text) => { problem.textContent = text; problem.hidden = false; };
  const crisis = about.crises.find(({ id }) => id === place.id) ?? about.crises[0];
  const parts = kind === "play" ? playDoor(crisis, place, about, complain) : classDoor(crisis, about, complain);
  return html("article", { class: "play" }, html("h1", { tabindex: "-1" }, kind === "play" ? "Role play" : "Class room"), problem, ...parts);
}

function crisisMenu(crises, chosen, changed = null) {
  return html("select", { "aria-label": "Crisis", onchange: changed },
    ...crisisOptions(crises, chosen.id));
}

function playDoor(crisis, place, { crises, go }, complain) {
  const { situation, names } = crisis;
  const menu = crisisMenu(crises, crisis, () => go(otherPlace({ ...place, view: "play", beside: menu.value })));
  const request = requestMenu(place.call);
  const ticks = situation.members.map((state) => html("input", { type: "checkbox", value: state }));
  const role = (n) => [n === situation.requester ? "in crisis" : "", n === situation.patron ? "lead state" : "",
    n === situation.adversary ? "adversary" : ""].filter(Boolean).join(", ");
  const begin = () => {
    const begins = ticks.filter((tick) => tick.checked).map((tick) => tick.value);
    if (begins.length) go({ ...place, view: "play", id: crisis.id, call: request.value, begins });
    else complain("Take at least one seat.");
  };
  const file = html("input", { type: "file", accept: ".json,application/json", "aria-label": "A saved role play", onchange: async () => {
    if (file.files[0]) go({ ...place, view: "play", id: crisis.id, session: await file.files[0].text() });
  } });
  return [html("p", { class: "lead" }, "Decide for a member, day by day. The model plays all others."),
    html("p", { class: "choices" }, html("label", {}, "Crisis", menu), html("label", {}, "Request", request)),
    html("p", { class: "question" }, crisis.question),
    said({ ...place, call: "" }) === "as coded" ? null : html("p", {}, `Not as coded: ${said({ ...place, call: "" })}.`),
    html("fieldset", { class: "chairs" }, html("legend", {}, "Whose seat do you take?"), ...ticks.map((tick, n) =>
      html("label", { class: "chair" }, tick, html("span", {}, html("strong", {}, names[situation.members[n]]), role(n) ? html("span", { class: "small says" }, role(n)) : null)))),
    html("div", { class: "actions" }, html("button", { type: "button", class: "main", onclick: begin }, "Begin")),
    html("details", {}, html("summary", {}, "Go on with a saved role play"), file)];
}

function codeField(label) {
  return html("input", { type: "text", maxlength: 12, class: "code-field", "aria-label": label, autocapitalize: "characters",
    autocomplete: "off", spellcheck: "false" });
}

function classDoor(crisis, { crises, where, isOpen, go }, complain) {
  const code = codeField("Code from the teacher");
  const join = (event) => {
    event.preventDefault();
    const typed = code.value.replace(/[^a-z0-9]/gi, "").toUpperCase();
    if (typed) go({ view: "class", id: typed, set: {} });
    else complain("Type the code that the teacher shows.");
  };
  return [html("p", { class: "lead" }, "Many persons, one council. Several can share a seat."),
    html("div", { class: "doors" }, html("form", { class: "card join", onsubmit: join }, html("h2", {}, "Join"), html("label", {}, "Code from the teacher"), code,
      html("button", { type: "submit", class: "main" }, "Join")),
    isOpen ? teacherDoor(crisis, crises, where, go)
      : html("p", { class: "card small" }, "To open a room here, start the app with --host (see the teaching guide).")), backDoor(go)];
}

function teacherDoor(crisis, crises, where, go) {
  const [menu, request] = [crisisMenu(crises, crisis), requestMenu()];
  return html("section", { class: "card" }, html("h2", {}, "For the teacher"),
    html("p", { class: "choices" }, html("label", {}, "Crisis", menu), html("label", {}, "Request", request)),
    html("div", { class: "actions" }, html("button", { type: "button", onclick: () => go({ view: "class", id: "", opens: { crisis: menu.value, request: request.value }, set: {} }) }, "Open a class room")),
    html("p", { class: "small" }, `Pupils open ${where}/class and type the code.`));
}

/** For a teacher or pupil whose page was closed: the key that the page showed lets them in again. */
function backDoor(go) {
  const [code, key] = [codeField("Code of the room"), html("input", { type: "password", "aria-label": "Key", autocomplete: "off" })];
  const back = (event) => {
    event.preventDefault();
    const typed = code.value.trim().toUpperCase();
    if (!typed || !key.value) return;
    remember(typed, key.value.trim());
    go({ view: "class", id: typed, set: {} });
  };
  return html("details", {}, html("summary", {}, "Come back with a key"), html("form", { class: "actions", onsubmit: back },
    html("label", {}, "Code ", code), html("label", {}, "Key ", key), html("button", { type: "submit" }, "Come back")));
}
