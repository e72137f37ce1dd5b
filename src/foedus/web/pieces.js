// Parts of a view that are made anew only when what they show has changed. What is being typed,
// which details are open and where the focus is stays as it was.

export class Pieces {
  #kept = new Map();

  /** The node of a part: the old one while `shows` stays the same. */
  of(name, shows, make) {
    const key = JSON.stringify(shows);
    const old = this.#kept.get(name);
    if (old?.key === key) return old.node;
    const node = make();
    this.#kept.set(name, { key, node, replaces: old?.node });
    return node;
  }

  /** Put parts into a place; those that are there already are not touched. */
  arrange(place, nodes) {
    const wanted = nodes.filter(Boolean);
    const typing = place.contains(document.activeElement) ? whereFocusIs(document.activeElement) : null;
    for (const { node, replaces } of this.#kept.values()) {
      if (replaces?.isConnected && wanted.includes(node)) carryOver(replaces, node);
    }
    for (const child of [...place.children]) if (!wanted.includes(child)) child.remove();
    wanted.forEach((node, n) => {
      if (place.children[n] !== node) place.insertBefore(node, place.children[n] ?? null);
    });
    if (typing && !place.contains(document.activeElement)) refocus(place, typing);
    for (const kept of this.#kept.values()) delete kept.replaces;
  }
}

const named = (node) => [...node.querySelectorAll("[data-keep]")].map((found) => [found.dataset.keep, found]);

function carryOver(before, after) {
  const now = new Map(named(after));
  for (const [name, old] of named(before)) {
    const again = now.get(name);
    if (!again) continue;
    if (old.tagName === "DETAILS") again.open = old.open;
    else if (old.tagName === "SELECT" || ["text", "number"].includes(old.type)) again.value = old.value;
  }
}

function whereFocusIs(element) {
  return { name: element.dataset.keep, from: element.type === "text" ? element.selectionStart : null };
}

function refocus(place, { name, from }) {
  const again = name && place.querySelector(`[data-keep="${CSS.escape(name)}"]`);
  again?.focus({ preventScroll: true });
  if (from !== null) again?.setSelectionRange?.(from, from);
}
