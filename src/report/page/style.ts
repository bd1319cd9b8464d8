/** The page's style sheet. Colours meet WCAG AA in light and dark; nothing is loaded. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f5f6f7; --surface: #ffffff; --text: #1b2128; --muted: #55606b; --line: #dce1e6; --accent: #0b6455;
  --badge: #ffffff; --critical: #a3122a; --high: #b4450a; --medium: #856000; --low: #2a6496; --none: #5d6873;
  --wash: #eef1f3;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #111519; --surface: #191f25; --text: #e4e8ec; --muted: #a5afb9; --line: #2f3840; --accent: #63cbb6;
    --badge: #111519; --critical: #ff8792; --high: #ffa663; --medium: #e6c15c; --low: #8abbec; --none: #a5afb9;
    --wash: #222a31;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--ground); color: var(--text); line-height: 1.5; overflow-wrap: anywhere;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; font-size: 1rem;
}
header, main, footer { max-width: 66rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2.25rem; }
footer { padding-bottom: 3rem; color: var(--muted); font-size: .875rem; }
h1 { font-size: 1.75rem; line-height: 1.2; letter-spacing: -.01em; margin: .25rem 0 .5rem; font-weight: 650; }
h2 { font-size: 1.1875rem; margin: 0 0 .875rem; font-weight: 650; letter-spacing: -.005em; }
h3 { font-size: 1rem; margin: 1.25rem 0 .5rem; font-weight: 600; }
p { margin: 0 0 .75rem; max-width: 46rem; } header p { max-width: none; }
a { color: var(--accent); text-underline-offset: .15em; }
code { font-family: ui-monospace, "SFMono-Regular", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .875em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
section { background: var(--surface); border: 1px solid var(--line); border-radius: 10px; padding: 1.375rem 1.5rem; margin: 1.125rem 0; }
section > :last-child, section section > :last-child { margin-bottom: 0; }
.brand { color: var(--accent); font-weight: 650; font-size: .9375rem; margin: 0; }
.muted, .note { color: var(--muted); }
.note { font-size: .875rem; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--surface); padding: .5rem .75rem; z-index: 1; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.125rem; margin: 1rem 0 0; padding: 0; font-size: .9375rem; }
.verdict { font-size: 1.1875rem; line-height: 1.45; margin-bottom: 1.25rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(6.375rem, 1fr)); gap: .625rem; margin: 0 0 1.25rem; padding: 0; }
.tiles > div { background: var(--wash); border-radius: 8px; padding: .625rem .875rem; border-left: 4px solid transparent; }
.tiles dt { font-size: .8125rem; color: var(--muted); }
.tiles dd { margin: 0; font-size: 1.5rem; font-weight: 650; line-height: 1.25; font-variant-numeric: tabular-nums; }
.tiles .critical { border-color: var(--critical); } .tiles .high { border-color: var(--high); }
.tiles .medium { border-color: var(--medium); } .tiles .low { border-color: var(--low); } .tiles .none { border-color: var(--none); }
.steps { margin: 0; padding-left: 1.375rem; } .steps > li { margin-bottom: .75rem; padding-left: .25rem; max-width: 48rem; }
.badge {
  display: inline-block; min-width: 2.25rem; padding: .0625rem .5rem; border-radius: 99px; text-align: center;
  font-size: .8125rem; font-weight: 650; color: var(--badge); background: var(--none); font-variant-numeric: tabular-nums; white-space: nowrap;
}
.badge.critical { background: var(--critical); } .badge.high { background: var(--high); }
.badge.medium { background: var(--medium); } .badge.low { background: var(--low); }
svg { display: block; max-width: 100%; }
svg .critical { fill: var(--critical); } svg .high { fill: var(--high); } svg .medium { fill: var(--medium); }
svg .low { fill: var(--low); } svg .none { fill: var(--none); } svg .bar { fill: var(--accent); } svg .base { fill: var(--line); }
figure { margin: 0 0 1.5rem; }
figcaption { font-weight: 600; margin-bottom: .625rem; }
.columns { width: fit-content; max-width: 100%; display: grid; grid-template-columns: auto minmax(0, 1fr); column-gap: .625rem; }
.columns svg { height: 10rem; border-bottom: 1px solid var(--muted); }
.scale { display: flex; flex-direction: column; justify-content: space-between; text-align: right; }
.scale, .ends { font-size: .75rem; color: var(--muted); font-variant-numeric: tabular-nums; }
.ends { grid-column: 2; display: flex; justify-content: space-between; gap: 1rem; padding-top: .25rem; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: 0; margin: .625rem 0; font-size: .8125rem; }
.legend svg { display: inline-block; width: .75rem; height: .75rem; margin-right: .375rem; vertical-align: -.0625rem; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 0 2.5rem; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; }
caption { text-align: left; font-weight: 600; font-size: 1rem; padding-bottom: .5rem; }
th { text-align: left; font-weight: 600; color: var(--muted); font-size: .8125rem; vertical-align: bottom; }
th, td { padding: .375rem .75rem .375rem 0; border-bottom: 1px solid var(--line); }
td, tbody th { vertical-align: top; }
tbody th { color: var(--text); font-size: .875rem; font-weight: 500; }
tr > :last-child { padding-right: 0; }
.right { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.fixed { white-space: nowrap; overflow-wrap: normal; }
.wide { min-width: 14rem; }
.share { width: 35%; vertical-align: middle; } .share svg { width: 100%; height: .625rem; }
.scroll { overflow-x: auto; margin-bottom: 1rem; }
.scroll td, .scroll th { overflow-wrap: break-word; } .scroll tbody th { overflow-wrap: anywhere; min-width: 8rem; }
.field { min-width: 13rem; } .scroll .field { overflow-wrap: anywhere; }
summary { cursor: pointer; }
.numbers > summary { font-size: .875rem; color: var(--accent); width: fit-content; }
.numbers[open] > summary { margin-bottom: .5rem; }
.filter { display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: end; margin: 0 0 1rem; }
.filter[hidden] { display: none; }
.filter label { flex: 1 1 16rem; font-size: .875rem; font-weight: 600; }
.filter input {
  display: block; width: 100%; margin-top: .25rem; padding: .5rem .75rem; font: inherit; font-weight: 400; color: inherit;
  background: var(--surface); border: 1px solid var(--muted); border-radius: 6px;
}
.filter button { font: inherit; font-size: .875rem; padding: .5625rem .875rem; color: inherit; background: var(--wash); border: 1px solid var(--muted); border-radius: 6px; cursor: pointer; }
.filter output { flex-basis: 100%; font-size: .875rem; color: var(--muted); }
.filter output:empty { display: none; }
.group { border-top: 1px solid var(--line); }
.group > summary { padding: .75rem 0; font-weight: 600; }
.group > summary h3 { display: inline; margin: 0; }
.incidents { list-style: none; margin: 0; padding: 0 0 .75rem; }
.incidents > li { border-top: 1px solid var(--line); scroll-margin-top: 1rem; }
.incidents.many > li { content-visibility: auto; contain-intrinsic-size: auto 6.5rem; }
.incidents > li[hidden], .group[hidden] { display: none; }
.incidents > li:target { background: var(--wash); box-shadow: 0 0 0 .375rem var(--wash); border-radius: 2px; }
.incident > summary { display: grid; grid-template-columns: 3rem minmax(0, 1fr) auto; gap: .125rem .75rem; padding: .75rem .25rem; list-style: none; }
.incident > summary::-webkit-details-marker { display: none; }
.incident > summary::after { content: "Details"; grid-column: 3; grid-row: 2; justify-self: end; align-self: end; font-size: .8125rem; color: var(--accent); }
.incident[open] > summary::after { content: "Close"; }
.incident > summary:hover::after { text-decoration: underline; }
.who { font-weight: 600; }
.when { font-size: .875rem; color: var(--muted); white-space: nowrap; font-variant-numeric: tabular-nums; }
.why { grid-column: 2; font-size: .9375rem; max-width: 46rem; }
.inside { padding: .25rem .25rem 1.25rem 4rem; font-size: .875rem; }
.hours { max-width: 30rem; margin-bottom: 1rem; }
.hours svg { width: 100%; height: 2.75rem; border-bottom: 1px solid var(--muted); }
.hours p { display: grid; grid-template-columns: repeat(4, 1fr); font-size: .75rem; color: var(--muted); margin: .125rem 0 0; font-variant-numeric: tabular-nums; }
.course { list-style: none; padding: 0; margin: 0 0 1rem; }
.course li { display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); gap: 0 .75rem; padding: .25rem 0; }
.course time { color: var(--muted); font-variant-numeric: tabular-nums; white-space: nowrap; }
.facts { display: grid; grid-template-columns: minmax(6.5rem, max-content) minmax(0, 1fr); gap: .25rem .75rem; margin: 0; }
.facts dt { color: var(--muted); } .facts dd { margin: 0; }
.gaps { margin: 0 0 1rem; padding: .75rem 1rem .75rem 2rem; background: var(--wash); border-left: 4px solid var(--high); border-radius: 6px; }
@media (max-width: 40rem) {
  header, main, footer { padding-left: .875rem; padding-right: .875rem; }
  header { padding-top: 1.25rem; }
  section { padding: 1.125rem 1rem; border-radius: 8px; }
  h1 { font-size: 1.4375rem; }
  .incident > summary { grid-template-columns: 3rem minmax(0, 1fr); }
  .when, .why { grid-column: 1 / -1; }
  .when { grid-row: 2; }
  .incident > summary::after { grid-column: 1 / -1; grid-row: auto; justify-self: start; }
  .inside { padding-left: .25rem; }
  .course li, .facts { grid-template-columns: minmax(0, 1fr); }
  .facts dd { margin-bottom: .375rem; }
}
@media print {
  :root {
    --ground: #ffffff; --surface: #ffffff; --text: #000000; --muted: #444444; --line: #cccccc; --accent: #0b6455;
    --badge: #ffffff; --critical: #a3122a; --high: #b4450a; --medium: #856000; --low: #2a6496; --none: #5d6873; --wash: #f2f2f2;
  }
  @page { margin: 16mm 14mm; }
  html { font-size: 10pt; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  header, main, footer { max-width: none; padding: 0; }
  section { border: 0; border-top: 1px solid var(--line); border-radius: 0; padding: 1rem 0 0; }
  nav, .skip, .filter, .numbers, .incident > summary::after { display: none; }
  .incident.top::details-content { content-visibility: visible; display: block; block-size: auto; }
  .incidents.many > li { content-visibility: visible; } .incidents > li { break-inside: avoid; }
  tr, figure, .tiles > div, .steps > li { break-inside: avoid; }
  h2, h3, summary { break-after: avoid; }
  .scroll { overflow: visible; } .tiles { grid-template-columns: repeat(auto-fit, minmax(4.5rem, 1fr)); }
  .incident > summary { grid-template-columns: 3rem minmax(0, 1fr) auto; }
}
@media (prefers-contrast: more) { :root { --muted: var(--text); --line: var(--text); } }
`;
