// The look of <foedus-timeline>; colours come from the page where it has them.

export const TIMELINE_STYLE = `
:host { display: block; --f-ink: var(--ink, #1c1f24); --f-muted: var(--muted, #5b6270);
  --f-paper: var(--paper, #ffffff); --f-faint: var(--faint, #ced2d9); --f-wash: var(--wash, #f3f4f6);
  --f-line: var(--level-3, #123a63); --f-band: var(--level-1, #94bfdb); --f-history: var(--history, #c8500a);
  --f-accent: var(--accent, #2a6f97); --f-hope: #1f8069; --f-half: #eeeae0; --f-doubt: #e39a5e;
  color: var(--f-ink); font: 15px/1.45 var(--sans, system-ui, sans-serif); }
@media (prefers-color-scheme: dark) { :host { --f-hope: #46b89d; --f-half: #4b4c4a; --f-doubt: #b96a2c; } }
@media print { :host { --f-hope: #1f8069; --f-half: #eeeae0; --f-doubt: #e39a5e; } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
svg.picture { display: block; width: 100%; height: auto; cursor: pointer; }
text { fill: var(--f-ink); font-size: 15px; }
.tick { fill: var(--f-muted); font-size: 13px; text-anchor: middle; }
.side { fill: var(--f-muted); font-size: 13px; text-anchor: end; }
.name { text-anchor: end; } .narrow .name { text-anchor: start; font-size: 14px; }
.narrow .tick, .narrow .side { font-size: 12.5px; }
.heading { font-weight: 600; } .now { font-weight: 600; fill: var(--f-line); }
.grid { stroke: var(--f-faint); stroke-width: 1; }
.cell.hopes { fill: color-mix(in oklab, var(--f-hope) var(--part), var(--f-half)); }
.cell.doubts { fill: color-mix(in oklab, var(--f-doubt) var(--part), var(--f-half)); }
.cell.lead { fill: var(--f-faint); }
.stripe { stroke: var(--f-muted); stroke-width: 1.4; } .frozen { stroke: var(--f-muted); stroke-width: .6; }
.call.kept { fill: var(--f-line); stroke: var(--f-paper); stroke-width: 1.5; }
.call.not { fill: var(--f-paper); stroke: var(--f-history); stroke-width: 3; }
.call.none { fill: var(--f-muted); }
.changed { fill: none; stroke: var(--f-ink); stroke-width: 2; }
.gone { stroke: var(--f-history); stroke-width: 3; stroke-linecap: round; }
.told { fill: var(--f-history); font-size: 13px; } .told.helped { fill: var(--f-line); }
.told, .now, .side.end { paint-order: stroke; stroke: var(--f-paper); stroke-width: 4px; stroke-linejoin: round; }
.narrow .told { font-size: 12.5px; }
.ghost { opacity: .4; }
.span { fill: var(--f-band); opacity: .45; } .mean { fill: none; stroke: var(--f-line); stroke-width: 2.5; stroke-linejoin: round; }
.before { fill: none; stroke: var(--f-muted); stroke-width: 2; stroke-dasharray: 7 4; }
.was { fill: none; stroke: var(--f-history); stroke-width: 2; stroke-dasharray: 1.5 4; stroke-linecap: round; }
.cursor { fill: var(--f-ink); fill-opacity: .07; stroke: var(--f-ink); stroke-width: 1.2; }
.cursor-word { font-weight: 600; text-anchor: middle; font-size: 14px; paint-order: stroke;
  stroke: var(--f-paper); stroke-width: 8px; }
.veil { fill: var(--f-paper); opacity: .86; }
.key { display: flex; flex-wrap: wrap; gap: .15rem 1.1rem; list-style: none; padding: 0; margin: .3rem 0 .6rem; color: var(--f-muted); font-size: 13px; }
.key li { display: flex; align-items: center; gap: .4rem; } .key svg { width: 22px; height: 18px; flex: none; }
.bar { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem .6rem; margin: .2rem 0 .8rem; }
.bar label { display: inline-flex; align-items: center; gap: .5rem; flex: 1 1 14rem; }
input[type=range] { flex: 1; min-width: 6rem; accent-color: var(--f-accent); }
output { font-variant-numeric: tabular-nums; font-weight: 600; }
button { font: inherit; color: inherit; background: none; min-height: 2.3rem; border: 1px solid var(--f-faint);
  border-radius: 6px; padding: .25rem .8rem; cursor: pointer; }
button:hover { border-color: var(--f-muted); }
button:focus-visible, input:focus-visible, summary:focus-visible { outline: 2px solid var(--f-accent); outline-offset: 2px; }
button[aria-pressed=true] { background: var(--f-line); color: var(--f-paper); border-color: var(--f-line); }
button small { font-size: 12px; }
.beside { display: grid; grid-template-columns: minmax(0, 1.9fr) minmax(0, 1fr); gap: 2rem; align-items: start; }
.beside .moves { position: sticky; top: .5rem; }
.columns { display: grid; grid-template-columns: minmax(0, 1.2fr) minmax(0, 1fr); gap: 1rem 2.2rem; align-items: start; }
.is-narrow td.number { white-space: normal; } .is-narrow th[scope=row] { white-space: nowrap; } .is-narrow .hope { min-width: 3.4rem; width: 25%; }
.is-narrow .columns { grid-template-columns: minmax(0, 1fr); }
h2, h3 { font: 600 1.05rem/1.3 var(--sans, system-ui, sans-serif); margin: 0 0 .4rem; } h2 { font-size: 1.25rem; } h3 { font-size: 1rem; margin-top: .9rem; }
p { margin: .35rem 0; } .small { color: var(--f-muted); font-size: 13px; }
.result { border-left: 3px solid var(--f-accent); padding-left: .9rem; margin: 0 0 1rem; }
.result ul { margin: .3rem 0; padding-left: 1.1rem; }
.changes li { margin: .2rem 0; } .changes button { min-height: 1.9rem; padding: .1rem .6rem; }
.answers { display: flex; flex-wrap: wrap; align-items: center; gap: .3rem; margin: .4rem 0; } .answers button { padding-inline: .6rem; }
.crisis { border-left: 3px solid var(--f-faint); padding-left: .8rem; margin: .8rem 0; }
table { border-collapse: collapse; width: 100%; font-size: 14px; } caption { text-align: left; font-weight: 600; padding-bottom: .3rem; }
th, td { text-align: left; font-weight: 400; padding: .22rem .5rem .22rem 0; vertical-align: middle; }
thead th { color: var(--f-muted); font-size: 13px; }
td.number { font-variant-numeric: tabular-nums; white-space: nowrap; }
.hope { position: relative; min-width: 5.5rem; width: 38%; } .hope span { display: block; position: absolute; top: 50%; height: .7rem; margin-top: -.35rem; border-radius: 2px; }
.hope .track { inset-inline: 0 .5rem; width: auto; background: var(--f-wash); } .hope .track span { left: 0; background: var(--f-hope); }
.hope .track span.reach { background: var(--f-ink); height: 2px; margin-top: -1px; }
details { margin-top: .6rem; } summary { cursor: pointer; color: var(--f-muted); font-size: 13px; }
ul.sources { font-size: 13px; padding-left: 1.1rem; overflow-wrap: anywhere; }
@media print { .beside { display: block; } .beside .moves { position: static; } .bar, .answers, .cursor, .cursor-word, .veil, details, .result button { display: none; }
  svg, .hope span { print-color-adjust: exact; -webkit-print-color-adjust: exact; } .columns { display: block; } }
`;
