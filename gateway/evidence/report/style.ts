/** How a report looks, on screen and on A4. One text, whose hash the report's policy allows. */
export const STYLE = `
@page { size: A4; margin: 16mm 14mm; }
@page wide { size: A4 landscape; }
:root { color-scheme: light; }
body { font: 10pt/1.4 system-ui, sans-serif; color: #111; background: #fff; max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 18pt; margin: 0 0 .2rem; }
h2 { font-size: 13pt; margin: 1.6rem 0 .4rem; border-bottom: 1px solid #999; break-after: avoid; }
h3 { font-size: 11pt; margin: 1rem 0 .3rem; break-after: avoid; }
h1, h2, h3, p, td, dd, li { overflow-wrap: anywhere; unicode-bidi: plaintext; }
dl { display: grid; grid-template-columns: minmax(9rem, max-content) 1fr; gap: .15rem 1rem; margin: .4rem 0; }
dt { font-weight: 600; }
dd { margin: 0; }
table { border-collapse: collapse; width: 100%; margin: .4rem 0; }
th, td { text-align: start; vertical-align: top; padding: .2rem .4rem; border: 1px solid #bbb; }
th { background: #eee; }
tr { break-inside: avoid; }
ul { margin: 0; padding-inline-start: 1.2rem; }
em { color: #8a3c00; }
code { font: 8.5pt ui-monospace, monospace; }
pre { font: 8.5pt ui-monospace, monospace; white-space: pre-wrap; }
.wide > svg { width: 100%; height: auto; break-inside: avoid; }
.verdict { border: 2px solid; padding: .5rem .8rem; margin: .8rem 0; font-weight: 600; }
.verdict.incomplete { border-color: #a40000; color: #a40000; }
.verdict.whole { border-color: #1b5e20; color: #1b5e20; }
.gap, .FAIL, .UNHEALTHY, .NON_COMPLIANT { color: #a40000; }
.gaps { list-style: "! "; }
.UNKNOWN, .DEGRADED { color: #8a3c00; }
.link, .origin, .small { color: #555; font-size: 8.5pt; }
.first { break-after: page; }
.wide { page: wide; }
`
