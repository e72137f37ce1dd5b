// The page: a guided story of the document's crises, every crisis to change and play, and a list.

import { html } from "./dom.js";
import { remembered } from "./link.js";
import { RoomPage } from "./room.js";
import { entrance } from "./entrance.js";
import { DATA, PLAIN, crisisOf, placeOf, hashOf, pushed } from "./place.js";
import { Room } from "./crisis.js";
import { Story } from "./guided.js";
import { Decades } from "./decades.js";

class List {
  constructor(place) {
    const alliances = [...new Set(DATA.crises.map((crisis) => crisis.allianceName))].sort();
    this.node = html("article", {}, html("h1", { tabindex: "-1" }, "All crises"),
      ...alliances.map((name) => html("section", { class: "part" }, html("h2", {}, name), html("ul", { class: "list" },
        ...DATA.crises.filter((crisis) => crisis.allianceName === name).map((crisis) => html("li", {},
          html("a", { href: `#/crisis/${crisis.id}` }, crisis.title), html("span", { class: "small" }, ` ${crisis.question}`)))))));
    document.documentElement.dataset.ready = hashOf(place);
  }

  update() {}
}

const main = document.getElementById("main");
let now = null;

function show() {
  shown(placeOf(location.hash));
}

function shown(place, extras = {}) {
  if (place.view === "crisis" && now instanceof Room && now.place.id === place.id) { now.update(place); return; }
  if (place.view === "decades" && now instanceof Decades && now.id === place.id) { now.update(); return; }
  if (place.view === "crisis" && !crisisOf(place.id)) {
    main.replaceChildren(html("h1", { tabindex: "-1" }, "No such crisis"), html("p", { class: "problem", role: "alert" },
      `There is no crisis "${place.id}" here. `, html("a", { href: "#/crises" }, "All crises")));
    now = null;
    return;
  }
  now?.close?.();
  const isRoom = DATA.served && (place.view === "play" || place.view === "class");
  now = isRoom ? roomOrEntrance(place, extras) : place.view === "crisis" ? new Room(place) : place.view === "decades" ? new Decades(place)
    : place.view === "crises" || !DATA.story.length ? new List(place) : new Story(place);
  main.replaceChildren(now.node);
  document.title = `${main.querySelector("h1").textContent} · foedus`;
  main.querySelector("h1").focus({ preventScroll: true });
  scrollTo(0, 0);
  if (place.member) main.querySelector(".why h2")?.scrollIntoView({ block: "nearest" });
}

/** A page of a room on the server, where this page came from one. */
function roomOrEntrance(place, extras) {
  const about = { crises: DATA.crises, where: DATA.served.where, isOpen: DATA.served.class, go: enter };
  if (place.view === "class" && place.id && !extras.opens) return new RoomPage({ do: "enter", code: place.id, key: remembered(place.id) }, { ...about, opened });
  if (extras.opens) return new RoomPage({ do: "open", ...extras.opens }, { ...about, opened });
  if (extras.session) return new RoomPage({ do: "open", private: true, session: extras.session }, { ...about, opened });
  if (extras.begins) {
    return new RoomPage({ do: "open", private: true, crisis: place.id, seats: extras.begins, theory: place.theory, rule: place.rule, request: place.call, set: place.set }, { ...about, opened });
  }
  return { node: entrance(place.view, place, about), update() {} };
}

/** Go to a room: what is asked for stays out of the address. */
function enter({ begins, session, opens, ...place }) {
  const there = { ...PLAIN, ...place };
  pushed(there);
  shown(there, { begins, session, opens });
}

/** Once the server has let the page in, its address is that of the room. */
function opened(code) {
  window.history.replaceState(null, "", `#/class/${code}`);
  document.documentElement.dataset.ready = location.hash;
}

// On paper nothing can be unfolded: all is open while the page prints.
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...main.querySelectorAll("details:not([open])")];
  for (const details of folded) details.open = true;
});
addEventListener("afterprint", () => {
  for (const details of folded) details.open = false;
});

addEventListener("hashchange", show);
addEventListener("popstate", show);
show();
