import { type Spot, textOf } from '../answer.ts'
import type { Evidence } from '../gather.ts'
import { complianceOf, healthOf, type Judged } from '../judgements.ts'
import type { Material } from '../material.ts'
import { type Content, type Html, html } from './html.ts'
import { absent, emptyOf, gaps, lines, list, moment, section, table, told } from './parts.ts'

/** What the health rules say, with the words of each rule and the facts that decided. */
export function healthFindings({ evidence }: Material): Html {
  return section('Health: what rules say', healthOf(evidence).map(judgedPart))
}

/** What the policies say, likewise, and what that means for each clause of the frameworks. */
export function compliance({ evidence }: Material): Html {
  return section('Compliance: what policies say', complianceOf(evidence).map(judgedPart), frameworks(evidence))
}

const judgedPart = ({ title, findings, judgement }: Judged): Content => [
  html`<h3>${title}</h3>`,
  html`<p>${told(judgement.get('status'))}. ${told(judgement.get('summary'))}</p>`,
  findingTable(findings),
  gaps(judgement),
]

/** Each framework, clause by clause: what its policies say here, and what no query can judge. */
function frameworks(evidence: Evidence): Content {
  const { packs } = evidence
  if (packs.value === null) return html`<h3>Frameworks</h3><p>${absent(packs)}</p>`
  const outcomes = Map.groupBy(
    complianceOf(evidence).flatMap(({ findings }) => findings.items),
    (finding) => textOf(finding.get('rule', 'id')) ?? '',
  )
  const said = (policy: Spot) => {
    const id = textOf(policy.get('id')) ?? ''
    const own = (outcomes.get(id) ?? []).map((finding) => textOf(finding.get('outcome')) ?? 'UNKNOWN')
    return html`<li>${id}: ${own.length === 0 ? 'not judged here' : own.join(', ')}</li>`
  }
  return packs.items.map((pack) => [
    html`<h3>${told(pack.get('title'))}</h3>`,
    html`<p class="small">${told(pack.get('source'))}, text of ${told(pack.get('publishedAt'), moment)}, file <code>${told(pack.get('hash'))}</code>. ${pack.get('note').value === null ? '' : told(pack.get('note'))}</p>`,
    table(
      ['Clause', 'Policies that judge it', 'What no query can judge'],
      pack
        .get('clauses')
        .items.map((clause) => [
          [html`<strong>${told(clause.get('id'))}</strong> `, told(clause.get('title'))],
          clause.get('policies').items.length === 0
            ? 'none: no query can judge it'
            : html`<ul>${clause.get('policies').items.map(said)}</ul>`,
          clause.get('notJudged').value === null ? '' : told(clause.get('notJudged')),
        ]),
      'It has no clauses.',
    ),
  ])
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
      waiver(finding),
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

function waiver(finding: Spot): Content {
  if (finding.get('waivedUntil').value === null) return undefined
  return html`<p>Waived until ${told(finding.get('waivedUntil'), moment)} by ${told(finding.get('waivedBy'))}: ${told(finding.get('waivedReason'))}</p>`
}

const rule = (spot: Spot): Content => [
  html`<strong>${told(spot.get('title'))}</strong><p class="small">${told(spot.get('description'))}</p>`,
  spot.get('why').value === null ? '' : html`<p class="small">Why: ${told(spot.get('why'))}</p>`,
  spot.get('clauses').items.length === 0
    ? ''
    : html`<p class="small">Clauses: ${list(spot.get('clauses'), (one) => told(one))}</p>`,
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
