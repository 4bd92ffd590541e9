import { type Spot, textOf } from '../answer.ts'
import { findingsOf } from '../judgements.ts'
import type { Material } from '../material.ts'
import { type Content, type Html, html } from './html.ts'
import { absent, emptyOf, gaps, lines, moment, section, table, told } from './parts.ts'

/** What rules say, with the words of each rule and the facts that decided. */
export function findings({ evidence }: Material): Html {
  return section(
    'What rules say of its health',
    findingsOf(evidence).map(({ title, findings: spot }) => [html`<h3>${title}</h3>`, findingTable(spot)]),
    gaps(evidence.health),
  )
}

/** Findings, worst first as they come. */
function findingTable(spot: Spot): Content {
  if (spot.value === null) return html`<p>${absent(spot)}</p>`
  const rows = spot.items.map((finding) => [
    html`<strong class="${textOf(finding.get('outcome')) ?? ''}">${told(finding.get('outcome'))}</strong>`,
    told(finding.get('severity')),
    rule(finding.get('rule')),
    [
      told(finding.get('message')),
      gaps(finding),
      html`<p class="small">${told(finding.get('subject'))}, as of ${told(finding.get('asOf'), moment)}</p>`,
    ],
    lines(finding.get('evidence'), fact),
  ])
  return table(
    ['Outcome', 'Severity', 'Rule', 'What it found', 'Facts that decided'],
    rows,
    emptyOf(spot, 'No rule is for such a thing.'),
  )
}

const rule = (spot: Spot): Content => [
  html`<strong>${told(spot.get('title'))}</strong><p class="small">${told(spot.get('description'))}</p>`,
  spot.get('remedy').value === null ? '' : html`<p class="small">To put it right: ${told(spot.get('remedy'))}</p>`,
]

/** A fact that decided: null there means that it is known to be none. */
const fact = (spot: Spot): Content => [
  html`<code>${told(spot.get('path'))}</code> = `,
  spot.get('value').value === null ? 'none' : told(spot.get('value')),
  spot.get('source').value === null
    ? ''
    : html` <span class="origin">${told(spot.get('source'))}, ${told(spot.get('fetchedAt'), moment)}</span>`,
]
