/** What the page of claims adds to the report's style: verdicts, cards, the claim's own colour. */
const light = `
  --claim: #8a2b6a; --holds: #00694d; --holds-when: #7d5600; --does-not: #a1232f; --not-testable: #59636e;
  --badge-ink: #ffffff;`

const dark = `
  --claim: #f09ad0; --holds: #3fcaa1; --holds-when: #f0b43c; --does-not: #ff8f8f; --not-testable: #9da7b1;
  --badge-ink: #111418;`

export const claimsStyle = `
:root {${light} }
@media screen and (prefers-color-scheme: dark) { :root {${dark} } }
a { color: inherit; text-underline-offset: .15em; text-decoration-color: var(--muted); }
a:focus-visible { outline: 2px solid var(--warehouse); outline-offset: 2px; }
.verdict { font-weight: 650; white-space: nowrap; }
.verdict.holds { color: var(--holds); } .verdict.holdsWhen { color: var(--holds-when); }
.verdict.doesNotHold { color: var(--does-not); } .verdict.notTestable, .verdict.undecidedQuick { color: var(--not-testable); }
.badge { display: inline-block; font-size: var(--small); font-weight: 650; line-height: 1.4; padding: .1rem .55rem;
  border-radius: .25rem; color: var(--badge-ink); margin: 0 0 .5rem; }
.badge.holds { background: var(--holds); } .badge.holdsWhen { background: var(--holds-when); }
.badge.doesNotHold { background: var(--does-not); } .badge.notTestable, .badge.undecidedQuick { background: var(--not-testable); }
.overview table { width: 100%; }
.overview th, .overview td { padding-right: .8rem; }
.overview tr.told > * { border-bottom: 0; padding-bottom: 0; }
.overview tr.region td { color: var(--muted); text-align: left; padding-top: 0; padding-left: 1rem; white-space: normal; }
.overview tr.region div { position: sticky; left: 0; max-width: calc(100vw - 4rem); }
h1 .aside { display: block; margin-top: .35rem; }
.nowrap { white-space: nowrap; }
.card { scroll-margin-top: 1rem; }
.card h2 { margin-bottom: .4rem; }
.card h3 { font-size: var(--text); margin: 1.75rem 0 .6rem; line-height: 1.35; text-wrap: pretty; }
.card .id { font-size: var(--small); color: var(--muted); margin: 0 0 .35rem; overflow-wrap: anywhere; }
.card ul.region { margin: .4rem 0 .6rem; padding-left: 1.2rem; font-size: var(--small); max-width: 88ch; }
.card blockquote { margin: .6rem 0 .8rem; padding-left: .9rem; border-left: 3px solid var(--claim); }
.card blockquote p { margin: 0; } .card blockquote footer { margin-top: .2rem; }
.lists { display: grid; grid-template-columns: repeat(auto-fit, minmax(260px, 1fr)); gap: 0 1.5rem; font-size: var(--small); }
.lists .notes { grid-column: 1 / -1; }
.lists ul { margin: .2rem 0 0; padding-left: 1.1rem; } .lists li { margin: .15rem 0; overflow-wrap: anywhere; }
.lists h4, .small h4 { font-size: var(--small); font-weight: 650; margin: 1rem 0 0; }
.must table { width: 100%; } .must td, .pairs td { text-align: left; white-space: normal; } .must td:last-child { white-space: nowrap; }
.must td:nth-child(3) { min-width: 6.5rem; }
.must td.bar { white-space: nowrap; width: 132px; }
svg.range { display: inline-block; width: 120px; height: 14px; vertical-align: middle; }
.deployment { border-left: 3px solid var(--line); padding-left: .9rem; }
.pairs table { width: 100%; } .source { overflow-wrap: anywhere; }
@media print {
  .overview table, .pairs table { width: 100%; min-width: 0; } .card { break-before: auto; }
  .id, .badge, .card h4 { break-after: avoid; } .card h3, .panels svg { break-inside: avoid; } .card blockquote, .lists > div, .small, .deployment { break-inside: avoid; }
  .card blockquote { break-before: avoid; }
  .badge { border: 1px solid currentColor; } a { text-decoration: none; } .must td:nth-child(3) { min-width: 6.5rem; }
.must td.bar { width: 126px; }
}`
