import { Markup } from './markup.ts';

/** The report's style sheet: system font, 8 px grid, one accent, light and dark by the reader's setting, and print. */
export const STYLE = new Markup(`
:root { --page: #fff; --ink: #16191d; --muted: #5b6570; --rule: #d8dde2; --faint: #eef1f3; --accent: #0b6b78;
  --s0: #16191d; --s1: #0b6b78; --s2: #a4571b; --s3: #6b4fa0; --s4: #7a7f1c; }
@media (prefers-color-scheme: dark) {
  :root { --page: #121519; --ink: #e4e8ec; --muted: #97a2ad; --rule: #2e353c; --faint: #1b2026; --accent: #57bccb;
    --s0: #e4e8ec; --s1: #57bccb; --s2: #e2a06a; --s3: #b6a0e4; --s4: #c3c766; }
}
@media print {
  :root { --page: #fff; --ink: #000; --muted: #4a525a; --rule: #c8cdd2; --faint: #f2f4f5; --accent: #0b6b78;
    --s0: #000; --s1: #0b6b78; --s2: #a4571b; --s3: #6b4fa0; --s4: #7a7f1c; }
}
* { box-sizing: border-box; }
html { background: var(--page); color: var(--ink); font: 15px/24px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  font-variant-numeric: tabular-nums lining-nums; text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 1040px; padding: 56px 32px 64px; }
h1 { font-size: 32px; line-height: 40px; font-weight: 650; letter-spacing: -0.015em; margin: 0; }
h2 { font-size: 21px; line-height: 32px; font-weight: 650; letter-spacing: -0.005em; margin: 0 0 16px; }
h3 { font-size: 15px; line-height: 24px; font-weight: 650; margin: 32px 0 8px; }
h4 { font-size: 13px; line-height: 24px; font-weight: 600; margin: 0 0 8px; }
h3 .muted, h4 .muted { font-weight: 400; font-size: 13px; }
p { margin: 0 0 16px; }
.prose { max-width: 720px; }
.muted { color: var(--muted); }
.kicker { color: var(--accent); font-size: 13px; font-weight: 600; margin-bottom: 8px; }
.byline { color: var(--muted); font-size: 13px; margin: 8px 0 24px; }
.id, code { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace; font-size: 0.87em; overflow-wrap: anywhere; }
code { font-size: 11px; color: var(--muted); }
.notice { border-left: 3px solid var(--accent); background: var(--faint); padding: 16px 24px; margin-bottom: 40px; }
.notice p { margin: 0; max-width: 800px; } .notice p + p { margin-top: 8px; }
.key-figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(160px, 1fr)); gap: 24px; margin: 0 0 40px; }
.key-figures dt { font-size: 13px; line-height: 20px; min-height: 40px; display: flex; align-items: end; }
.key-figures dd { margin: 0; color: var(--muted); font-size: 12px; line-height: 16px; }
.key-figures .value { display: block; color: var(--ink); font-size: 21px; line-height: 32px; font-weight: 600; letter-spacing: -0.01em; margin-bottom: 4px; white-space: nowrap; }
nav ol { columns: 4 184px; column-gap: 32px; list-style: none; counter-reset: part; margin: 0; padding: 16px 0; border: solid var(--rule); border-width: 1px 0; font-size: 13px; }
nav li { counter-increment: part; } nav li::before { content: counter(part); display: inline-block; width: 24px; color: var(--muted); }
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 3px; }
.part { padding-top: 56px; }
.number { color: var(--accent); display: inline-block; min-width: 24px; margin-right: 8px; font-weight: 500; }
.note { color: var(--muted); font-size: 13px; line-height: 20px; max-width: 720px; margin: 8px 0 16px; }
.note strong { color: var(--ink); }
.absent { color: var(--muted); border: 1px dashed var(--rule); padding: 16px 24px; }
.absent strong { color: var(--ink); font-weight: 600; }
.scroll { overflow-x: auto; margin: 16px 0; }
table { border-collapse: collapse; font-size: 13px; line-height: 20px; min-width: 60%; }
caption { text-align: left; padding-bottom: 8px; color: var(--muted); max-width: 720px; } caption strong { color: var(--ink); }
th, td { padding: 6px 24px 6px 0; text-align: left; vertical-align: baseline; font-weight: 400; }
th:last-child, td:last-child { padding-right: 0; }
th[scope=row], thead th { white-space: nowrap; } .ghost { visibility: hidden; }
thead th { font-weight: 600; border-bottom: 1px solid var(--ink); vertical-align: bottom; }
thead tr:first-child:not(:last-child) th:not([rowspan]) { border-bottom: 1px solid var(--rule); }
tbody tr + tr > * { border-top: 1px solid var(--faint); }
tbody tr:last-child > *, tfoot > tr > * { border-bottom: 1px solid var(--ink); }
tfoot > tr > * { font-weight: 600; }
.figure { text-align: right; white-space: nowrap; }
.group { padding-left: 24px; } .middle { text-align: center; } .dense th, .dense td { padding-right: 8px; } .dense .group { padding-left: 12px; } .dense tr > :last-child { padding-right: 0; }
figure { margin: 16px 0 24px; }
figcaption { color: var(--muted); font-size: 13px; line-height: 20px; max-width: 720px; margin-top: 8px; }
figcaption h3 { color: var(--ink); margin: 0; }
.legend-row { display: flex; gap: 32px; align-items: flex-start; flex-wrap: wrap; } .legend-row > div { flex: 1 1 400px; min-width: 0; }
.wheel { flex: none; } .wheel text { font-size: 12px; fill: var(--muted); }
.sample-group { break-inside: avoid; border-top: 1px solid var(--rule); margin-top: 24px; } .sample-group h3 { margin-top: 16px; }
.side-by-side { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(320px, 100%), 1fr)); gap: 24px 40px; }
.patches { display: flex; flex-wrap: wrap; gap: 16px 16px; }
.patch { margin: 0; width: 96px; } .patch figcaption { font-size: 11px; line-height: 16px; margin-top: 4px; }
.raster { display: block; image-rendering: pixelated; max-width: none; }
.raster + .raster { margin-top: 2px; }
.bar { font-size: 12px; line-height: 16px; color: var(--muted); } .bar-title { display: block; color: var(--ink); margin-bottom: 4px; }
.bar-scale { display: flex; gap: 8px; align-items: center; } .bar img { display: block; width: 128px; height: 12px; outline: 1px solid var(--rule); }
.bars { display: flex; gap: 40px; flex-wrap: wrap; margin-bottom: 16px; }
.examples td, .examples thead th { padding-right: 4px; } .examples td { padding-top: 4px; padding-bottom: 4px; } .examples .group { padding-left: 16px; } .examples th[scope=row] { min-width: 176px; max-width: 240px; white-space: normal; overflow-wrap: anywhere; vertical-align: top; padding-top: 4px; }
.examples tr { break-inside: avoid; }
.metrics { margin: 8px 0 0; color: var(--muted); } .metrics div { display: flex; gap: 8px; } .metrics dt { width: 40px; } .metrics dd { margin: 0; color: var(--ink); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(464px, 100%), 1fr)); gap: 32px 48px; align-items: end; } .charts figure { margin: 0; }
.charts figcaption { margin: 0 0 8px; }
.roc-row { display: flex; flex-wrap: wrap; gap: 16px 48px; align-items: flex-start; } .roc-row > .scroll { flex: 1 1 400px; min-width: 0; } .roc-row > figure { min-width: 0; }
.roc-row > figure { max-width: 368px; }
.legend { display: flex; flex-wrap: wrap; gap: 0 24px; list-style: none; margin: 0 0 8px; padding: 0; font-size: 13px; color: var(--ink); }
.legend svg { vertical-align: middle; margin-right: 4px; }
.plot { display: block; max-width: 100%; height: auto; font-size: 12px; overflow: visible; }
.plot text { fill: var(--muted); } .plot .title, .plot .label { fill: var(--ink); }
.grid { stroke: var(--rule); stroke-width: 1; opacity: 0.7; } .axis { stroke: var(--ink); stroke-width: 1; }
.reference { stroke: var(--muted); stroke-width: 1; stroke-dasharray: 3 4; }
.line { fill: none; stroke-width: 1.75; stroke-linejoin: round; } .interval { stroke-width: 1.75; } .run { stroke-width: 1.25; opacity: 0.75; }
.band { stroke: none; opacity: 0.14; } .dot { stroke: var(--page); stroke-width: 1; }
line.series-0, polyline.series-0 { stroke: var(--s0); } .band.series-0, .dot.series-0 { fill: var(--s0); }
line.series-1, polyline.series-1 { stroke: var(--s1); } .band.series-1, .dot.series-1 { fill: var(--s1); }
line.series-2, polyline.series-2 { stroke: var(--s2); } .band.series-2, .dot.series-2 { fill: var(--s2); }
line.series-3, polyline.series-3 { stroke: var(--s3); } .band.series-3, .dot.series-3 { fill: var(--s3); }
line.series-4, polyline.series-4 { stroke: var(--s4); } .band.series-4, .dot.series-4 { fill: var(--s4); }
.dot.unknown { fill: var(--page); stroke: var(--muted); stroke-width: 1.5; }
.inline-bar rect { fill: var(--accent); opacity: 0.75; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(176px, 1fr)); gap: 8px 32px; margin: 0 0 16px; font-size: 13px; line-height: 20px; }
.facts dt { color: var(--muted); } .facts dd { margin: 0; overflow-wrap: anywhere; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
footer { border-top: 1px solid var(--rule); margin-top: 64px; padding-top: 16px; color: var(--muted); font-size: 13px; line-height: 20px; }
@media print {
  @page { margin: 16mm 14mm; }
  html { font-size: 12px; line-height: 18px; } body { padding: 0; max-width: none; }
  .raster, .bar img, .wheel, .plot { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .scroll { overflow: visible; } table { font-size: 9.5px; line-height: 14px; } th, td { padding: 4px 12px 4px 0; }
  .dense th, .dense td { padding-right: 8px; } .group { padding-left: 12px; } code { font-size: 8px; }
  .scroll { break-inside: avoid; } .patch, .patch .raster, .examples .raster { width: 72px; height: auto; } .patches { gap: 8px; } .note, figcaption { font-size: 10px; line-height: 14px; } .examples th[scope=row] { min-width: 128px; }
  .key-figures { grid-template-columns: repeat(5, 1fr); gap: 12px; } .key-figures .value { font-size: 16px; } .key-figures dt, .key-figures dd { font-size: 10px; line-height: 13px; }
  h2, h3, caption { break-after: avoid; } figure, tr { break-inside: avoid; } nav { display: none; } .part { padding-top: 32px; }
}
`);
