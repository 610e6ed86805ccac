/**
 * Colours of the arms are Okabe and Ito's, which colour-blind readers can tell apart. Vermilion is waste, and nothing else
 * is: the full tone for what is computed again, the other for what is stalled. Three sizes of type: the answer, titles and text, and everything small.
 */
const light = `
  --paper: #ffffff; --ink: #1b1f23; --muted: #59636e; --line: #d5dae0; --grid: #eceff2;
  --hbm-only: #8a8f96; --hbm-only-text: #5f656c; --hbm-only-on: #111111;
  --local-dram: #e69f00; --local-dram-text: #8f6200; --local-dram-on: #111111;
  --warehouse: #0072b2; --warehouse-text: #00659e; --warehouse-on: #ffffff;
  --infinite-cache: #009e73; --infinite-cache-text: #007354; --infinite-cache-on: #111111;
  --further-0: #cc79a7; --further-0-text: #9c3f73; --further-0-on: #111111;
  --further-1: #56b4e9; --further-1-text: #1c75a8; --further-1-on: #111111;
  --waste: #d55e00; --waste-on: #111111; --waste-2: #f3b48a; --waste-2-on: #111111;
  --work-1: #3f4c5a; --work-1-on: #ffffff; --work-2: #a9b6c3; --work-2-on: #111111; --idle: #e6eaee; --idle-on: #1b1f23;`

const dark = `
  --paper: #14181c; --ink: #e7e9ec; --muted: #9da7b1; --line: #39424b; --grid: #232a31;
  --hbm-only: #9aa1a9; --hbm-only-text: #b4bac1; --hbm-only-on: #111111;
  --local-dram: #e69f00; --local-dram-text: #f0b43c; --local-dram-on: #111111;
  --warehouse: #3f9be0; --warehouse-text: #63b1ec; --warehouse-on: #0b0e11;
  --infinite-cache: #1fb98c; --infinite-cache-text: #3fcaa1; --infinite-cache-on: #0b0e11;
  --further-0: #d58ab5; --further-0-text: #e0a3c7; --further-0-on: #111111;
  --further-1: #8fd0f5; --further-1-text: #8fd0f5; --further-1-on: #111111;
  --waste: #ea7317; --waste-on: #111111; --waste-2: #9a4a10; --waste-2-on: #ffffff;
  --work-1: #c3ccd5; --work-1-on: #111111; --work-2: #6b7a89; --work-2-on: #ffffff; --idle: #2b333b; --idle-on: #e7e9ec;`

export const style = `
:root { color-scheme: light dark;${light}
  --big: 1.75rem; --text: 1.0625rem; --small: 0.8125rem;
}
@media screen and (prefers-color-scheme: dark) { :root {${dark} } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 400 var(--text)/1.5 system-ui, sans-serif;
  font-variant-numeric: tabular-nums; -webkit-text-size-adjust: 100%; }
main { max-width: 752px; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
.about, .source, .note, dl, table, details, footer { font-size: var(--small); }
.about, .source, .note, footer { color: var(--muted); }
.about { margin: 0 0 .75rem; }
h1 { font-size: var(--big); line-height: 1.28; font-weight: 650; letter-spacing: -.01em; margin: 0 0 1.1rem; text-wrap: pretty; }
h1 .aside { font-weight: 400; font-size: var(--text); letter-spacing: 0; color: var(--muted); }
.answers { list-style: none; margin: 0; padding: 0; line-height: 1.6; } .answers .head { font-size: var(--small); color: var(--muted); margin-top: .35rem; }
header + section { margin-top: 1.1rem; padding-top: 0; border-top: 0; } .evidence-box { margin-top: 1rem; }
.readings td { white-space: normal; }
h2 { font-size: var(--text); line-height: 1.35; font-weight: 650; margin: 0 0 .6rem; text-wrap: pretty; }
h2, h3 { overflow-wrap: anywhere; }
h3 { font-size: var(--small); font-weight: 650; margin: 1.25rem 0 .35rem; }
p { max-width: 70ch; margin: .4rem 0; }
section { margin-top: 2.5rem; padding-top: 1.25rem; border-top: 1px solid var(--line); }
.evidence { display: grid; grid-template-columns: max-content 1fr; gap: .2rem .9rem; margin: 0; line-height: 1.45; }
.evidence dt { color: var(--muted); } .evidence dd { margin: 0; max-width: 88ch; }
.evidence .unsound { font-weight: 650; color: var(--ink); }
.evidence dt.unsound::before { content: "! "; }
p.warning { font-size: var(--small); font-weight: 650; }
figure { margin: 0 0 .5rem; }
svg { display: block; width: 100%; height: auto; overflow: visible; }
svg text { white-space: pre; }
.narrow { display: none; }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); gap: 1rem 1.5rem; }
.panels svg { max-width: 420px; }
.lanes, .pools, .occupancy { --gutter: 4.5rem; --ends: 7.25rem; }
.row { display: grid; grid-template-columns: var(--gutter) minmax(0, 1fr) var(--ends); font-size: var(--small); }
.lanes .row { margin-top: 3px; }
p.arm { overflow-wrap: anywhere; break-after: avoid; font-size: var(--small); max-width: none; margin: .7rem 0 .1rem; line-height: 1.6; color: var(--muted); }
p.arm:first-child { margin-top: 0; } p.arm b { margin-right: .5rem; }
.part { white-space: nowrap; margin-right: .6rem; }
.part i { display: inline-block; width: .7em; height: .7em; margin-right: .35em; outline: 1px solid var(--line); }
.part i.fetch { height: 3px; vertical-align: .2em; outline: 0; } .part i.evict { width: 4px; background: var(--muted); outline: 0; }
.gutter { color: var(--muted); line-height: 18px; }
.strip { position: relative; touch-action: pan-y; user-select: none; } .strip svg { overflow: hidden; }
.lanes .strip svg { height: 34px; } .occupancy .strip svg { height: 132px; }
.strip path, .strip line { vector-effect: non-scaling-stroke; }
.time-axis { position: relative; height: 1.5rem; border-top: 1px solid var(--line); margin-top: 2px; color: var(--muted); overflow: hidden; }
.time-axis span, .time-axis i { position: absolute; top: 0; white-space: nowrap; }
.time-axis span { top: .25rem; } .time-axis i { height: 4px; border-left: 1px solid var(--muted); }
.ends { overflow-x: clip; padding-left: .5rem; line-height: 18px; white-space: nowrap; } .lanes .ends, .pools .ends { color: var(--muted); }
.scale, .ends { position: relative; } .scale span, .ends span, .limit { position: absolute; line-height: 16px; white-space: nowrap; }
.scale span { right: .5rem; transform: translateY(-50%); } .ends span { left: .5rem; transform: translateY(-50%); font-weight: 650; }
.limit { right: 0; max-width: 100%; overflow: hidden; text-overflow: ellipsis; color: var(--muted); transform: translateY(-100%); }
.pools .strip svg { height: 40px; } .pools .strip { border-bottom: 1px solid var(--line); } .pools .row { margin-top: 2px; }
.occupancy { margin-top: .75rem; }
.zoom { display: flex; flex-wrap: wrap; gap: .35rem; align-items: center; margin: 0 0 .6rem; font-size: var(--small); }
.zoom[hidden] { display: none; } .zoom output { color: var(--muted); margin-left: .4rem; }
.zoom button { font: inherit; color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: 4px;
  min-width: 2.2rem; min-height: 2rem; padding: .1rem .5rem; cursor: pointer; }
.zoom button[aria-disabled="true"] { color: var(--muted); cursor: default; }
.zoom button:focus-visible, .lanes:focus-visible, .pools:focus-visible, .occupancy:focus-visible, svg:focus-visible,
.box:focus-visible, pre:focus-visible {
  outline: 2px solid var(--warehouse); outline-offset: 3px; }
.cursor { position: absolute; top: 0; bottom: 0; min-width: 1px; pointer-events: none; outline: 1px solid var(--ink);
  background: color-mix(in srgb, var(--ink) 14%, transparent); }
.walked { stroke: var(--ink); stroke-width: 2.5px; }
.tip { position: fixed; z-index: 1; visibility: hidden; left: 0; top: 0; max-width: min(22rem, calc(100vw - 16px)); padding: .35rem .55rem;
  background: var(--ink); color: var(--paper); border-radius: 4px; font-size: var(--small); line-height: 1.4; pointer-events: none; }
.tip.shown { visibility: visible; }
@media screen and (max-width: 699px) {
  :root { --big: 1.375rem; }
  .wide { display: none; } .narrow { display: block; max-width: 460px; }
  .stacking table, .stacking tbody, .stacking tr, .stacking tbody th { display: block; min-width: 0; }
  .stacking thead { display: none; }
  .stacking tbody th { font-weight: 650; border: 0; padding: .5rem 0 .1rem; }
  .stacking td { display: flex; justify-content: space-between; gap: 1rem; padding: .2rem 0; text-align: right; }
  .stacking td::before { content: attr(data-name); color: var(--muted); text-align: left; }
  .lanes, .pools { --gutter: 3.75rem; --ends: 0; } .lanes .ends, .pools .ends { display: none; } .occupancy { --gutter: 3.75rem; --ends: 6.75rem; }
  .evidence { grid-template-columns: 1fr; gap: 0; } .evidence dd { margin-bottom: .4rem; }
}
details { margin-top: .6rem; } summary { cursor: pointer; color: var(--muted); padding: .15rem 0; }
summary:focus-visible { outline: 2px solid var(--warehouse); outline-offset: 2px; }
.box { overflow-x: auto; margin: .5rem 0; }
table { border-collapse: collapse; min-width: min(100%, 30rem); }
th, td { padding: .28rem .9rem .28rem 0; text-align: right; vertical-align: top; border-bottom: 1px solid var(--grid);
  font-weight: 400; }
td.number { white-space: nowrap; } th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--muted); border-bottom-color: var(--line); vertical-align: bottom; }
.words { text-align: left; } tbody th.inner { padding-left: 1rem; }
dl.words dt { font-weight: 650; margin-top: .5rem; } dl.words dd { margin: 0; max-width: 88ch; }
pre { overflow: auto; max-height: 28rem; border: 1px solid var(--line); padding: .75rem; font-size: var(--small); }
@page { size: A4; margin: 14mm; }
@media print {
  .tip, .cursor, .zoom { display: none; }
  :root { color-scheme: light; --big: 1.5rem; }
  body { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  main { max-width: none; padding: 0; }
  section { margin-top: 1.25rem; padding-top: .9rem; }
  figure, h2, tr { break-inside: avoid; } h2, h3 { break-after: avoid; }
  .source { break-before: avoid; break-inside: avoid; } .source + .box { break-before: avoid; }
  .panels { grid-template-columns: 1fr 1fr; }
  .panels.single { grid-template-columns: 1fr; }
  figure .wide svg { max-width: 560px; }
  details:not([open]) { display: none; }
  #everything details:not(.data), .evidence-box details { display: block; }
  #everything details:not(.data)::details-content, .evidence-box details::details-content { content-visibility: visible; }
  #everything summary { list-style: none; color: var(--ink); font-weight: 650; }
  .box { overflow: visible; }
}`
