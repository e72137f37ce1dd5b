// A piece of the page made of markup. When its markup changes, only what differs is touched, so
// that focus, open details, a slider being dragged and running transitions stay as they are.

function same(from, to) {
  return from.nodeType === to.nodeType && from.nodeName === to.nodeName
    && (from.nodeType !== 1 || from.dataset?.key === to.dataset?.key);
}

function change(from, to) {
  if (!same(from, to)) {
    from.replaceWith(to);
    return;
  }
  if (from.nodeType !== 1) {
    if (from.data !== to.data) from.data = to.data;
    return;
  }
  if (from.outerHTML === to.outerHTML && !/^(INPUT|SELECT)$/.test(from.nodeName)
      && !from.querySelector("input, select")) return;
  attributes(from, to);
  children(from, to);
  values(from, to);
}

function attributes(from, to) {
  for (const { name, value } of to.attributes) {
    if (name === "open" && from.nodeName === "DETAILS") continue;
    if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
  for (const { name } of [...from.attributes]) {
    if (!to.hasAttribute(name) && !(name === "open" && from.nodeName === "DETAILS")) {
      from.removeAttribute(name);
    }
  }
}

function children(from, to) {
  const news = [...to.childNodes];
  const olds = [...from.childNodes];
  news.forEach((child, n) => (n < olds.length ? change(olds[n], child) : from.append(child)));
  olds.slice(news.length).forEach((child) => child.remove());
}

function values(from, to) {
  if (from === document.activeElement && from.type !== "radio" && from.type !== "checkbox") return;
  if (from.nodeName === "SELECT") {
    const chosen = to.querySelector("option[selected]");
    if (chosen && from.value !== chosen.value) from.value = chosen.value;
  } else if (from.nodeName === "INPUT" && from.type !== "file") {
    const value = to.getAttribute("value") ?? "";
    if (from.value !== value && from.type !== "checkbox" && from.type !== "radio") from.value = value;
    from.checked = to.hasAttribute("checked");
  }
}

function snapped(control, value) {
  const step = Number(control.dataset.step);
  return Math.min(control.max, Math.max(control.min, Math.round(value / step) * step));
}

window.foedusValue = (control) => {
  if (control.type === "checkbox") return control.checked;
  if (control.type === "range" || control.type === "number") return Number(control.value);
  return control.value;
};

window.foedusNumber = (control) => {
  const digits = Number(control.dataset.digits ?? 2);
  return Number(control.value).toFixed(digits).replace("-", "\u2212");
};

// Arrow keys move a slider by its own step; its value may lie between two steps to begin with.
function arrows(event) {
  const control = event.target;
  if (control.type !== "range" || !control.dataset.step) return;
  const way = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
  if (!way) return;
  event.preventDefault();
  const step = Number(control.dataset.step);
  const moved = snapped(control, Number(control.value) + way * step);
  control.value = moved;
  control.dispatchEvent(new Event("input", { bubbles: true }));
}

// A new day, or the look back, begins at its heading: there the reader is taken, and the focus.
function arrive(panel, before) {
  const heading = panel.querySelector("[data-arrival]");
  if (!heading || heading.dataset.arrival === before) return;
  heading.focus({ preventScroll: true });
  const { top } = heading.getBoundingClientRect();
  if (top < 0 || top > innerHeight / 2) heading.scrollIntoView();
}

export default {
  props: { innerHTML: String, tag: String },
  render() {
    return Vue.h(this.tag || "div", { onKeydown: arrows });
  },
  mounted() {
    this.$el.innerHTML = this.innerHTML;
  },
  watch: {
    innerHTML(html) {
      const made = document.createElement(this.tag || "div");
      made.innerHTML = html;
      const before = this.$el.querySelector("[data-arrival]")?.dataset.arrival;
      children(this.$el, made);
      arrive(this.$el, before);
    },
  },
};
