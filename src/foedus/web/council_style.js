// The look of <foedus-council>; colours come from the page where it has them.

export const COUNCIL_STYLE = `
:host { display: block; --f-ink: var(--ink, #1c1f24); --f-muted: var(--muted, #5b6270);
  --f-paper: var(--paper, #ffffff); --f-faint: var(--faint, #ced2d9); --f-wash: var(--wash, #f3f4f6);
  --f-1: var(--level-1, #94bfdb); --f-2: var(--level-2, #3578ad); --f-3: var(--level-3, #123a63);
  --f-no: var(--stance-object, #bf4d28); --f-yes: var(--stance-support, #2a6f97);
  color: var(--f-ink); font: 15px/1.45 var(--sans, system-ui, sans-serif); }
svg { display: block; width: 100%; height: auto; max-height: 74vh; }
text { fill: var(--f-ink); font-size: 14px; text-anchor: middle; }
.ring { fill: var(--f-1); fill-opacity: 0.16; stroke: var(--f-muted); stroke-opacity: 0.55; }
.ring.two { fill: var(--f-2); fill-opacity: 0.2; }
.ring.three { fill: var(--f-3); fill-opacity: 0.3; }
.ring.stands { stroke: var(--f-ink); stroke-opacity: 1; stroke-width: 4; }
.ring-word { font-size: 13px; fill: var(--f-ink); paint-order: stroke; stroke: var(--f-paper);
  stroke-width: 4px; stroke-linejoin: round; }
.spoke { stroke: var(--f-faint); stroke-dasharray: 2 5; }
.tie { fill: none; stroke: var(--f-muted); opacity: 0.22; }
.tie.on { opacity: 0.8; stroke: var(--f-ink); }
.force { fill: none; stroke: var(--f-3); stroke-linecap: round; opacity: 0; transition: opacity .5s; }
.force.on { opacity: 0.5; }
.seat { cursor: pointer; outline: none; }
.hit { fill: transparent; }
.seat circle { fill: var(--f-wash); stroke: var(--f-muted); stroke-width: 1.5; }
.seat.asks circle.outer { stroke: var(--f-ink); stroke-dasharray: 4 3; fill: none; }
.seat.lead circle.outer { stroke: var(--f-ink); fill: none; }
.seat:hover circle.strength, .seat.chosen circle.strength { stroke: var(--f-ink); stroke-width: 3; }
.seat:focus-visible circle.strength { stroke: var(--f-ink); stroke-width: 4; }
.name { font-size: 14px; font-weight: 600; paint-order: stroke; stroke: var(--f-paper);
  stroke-width: 4px; stroke-linejoin: round; }
.beside { text-anchor: start; }
.role, .vote, .troops { font-size: 12.5px; fill: var(--f-muted); paint-order: stroke;
  stroke: var(--f-paper); stroke-width: 4px; stroke-linejoin: round; }
.vote.yes { fill: var(--f-yes); font-weight: 600; }
.vote.no { fill: var(--f-no); font-weight: 600; }
.troops { fill: var(--f-ink); font-weight: 600; }
.troops.abstains { fill: var(--f-muted); font-weight: 400; }
.marker { fill: var(--f-paper); stroke: var(--f-ink); stroke-width: 2; pointer-events: none; }
.marker.no { stroke: var(--f-no); } .marker.yes { fill: var(--f-yes); stroke: var(--f-paper); }
.answer { font-size: 17px; font-weight: 600; }
.bar { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem; margin-top: .4rem; }
button, select { font: inherit; color: inherit; background: none; min-height: 2.3rem;
  border: 1px solid var(--f-faint); border-radius: 6px; padding: .25rem .8rem; cursor: pointer; }
button:hover { border-color: var(--f-muted); }
button:focus-visible, select:focus-visible, input:focus-visible { outline: 2px solid var(--f-yes);
  outline-offset: 2px; }
label { display: inline-flex; align-items: center; gap: .5rem; }
label.days { flex: 1 1 10rem; } input[type=range] { flex: 1; min-width: 3.4rem; accent-color: var(--f-yes); }
output { font-variant-numeric: tabular-nums; white-space: nowrap; }
@media (max-width: 520px) { .bar { display: grid; grid-template-columns: auto minmax(0, 1fr); } label.days { display: contents; }
  .bar > button { grid-area: 1 / 1; } .bar input { grid-area: 1 / 2; } .bar output { grid-area: 2 / 2; } .bar select { grid-area: 2 / 1; } }
@media print { .bar { display: none; } svg { max-height: 96mm; } }
p { margin: .5rem 0 0; } .key { color: var(--f-muted); font-size: 13px; }
`;
