import type { Spot } from '../answer.ts'
import type { Pages } from '../gather.ts'
import type { Material } from '../material.ts'
import { type Content, type Html, html } from './html.ts'
import { absent, emptyOf, gaps, moment, page, section, table, told } from './parts.ts'

/** What people vouched for and took responsibility for, revoked and expired ones among them. */
export function recorded({ evidence: { attestations, waivers }, madeAt }: Material): Html {
  return section(
    'Attestations and waivers',
    html`<h3>Attestations</h3>`,
    listed(
      attestations,
      ['Kind', 'On', 'Statement', 'By', 'Independent', 'Counts'],
      (one) => [
        told(one.get('kind')),
        html`<code>${told(one.get('subjectId'))}</code>`,
        page(one.get('evidenceUrl'), told(one.get('statement'))),
        [person(one), ', ', told(one.get('at'), moment)],
        html`${told(one.get('independent'))}<p class="small">${told(one.get('independenceEvidence'))}</p>`,
        counts(one, madeAt),
      ],
      'None.',
    ),
    html`<h3>Waivers</h3>`,
    listed(
      waivers,
      ['Policy', 'For', 'Reason', 'By', 'Counts'],
      (one) => [
        told(one.get('policy')),
        html`<code>${told(one.get('subjectId'))}</code>`,
        told(one.get('reason')),
        [person(one), ', ', told(one.get('at'), moment)],
        counts(one, madeAt),
      ],
      'None.',
    ),
  )
}

/** What the audit chain holds about the model, its versions in use and their endpoints, with the hashes that chain it. */
export function audit({ evidence: { audit: records } }: Material): Html {
  return section(
    'Audit',
    html`<p class="small">Each hash is over the record and the hash of the record before, of whatever it is about: the records between these are not in this pack. modelops audit verify checks the whole chain; audit.ndjson has what each record holds.</p>`,
    listed(
      records,
      ['No.', 'When', 'What', 'About', 'By', 'SHA-256'],
      (one) => [
        told(one.get('sequence')),
        told(one.get('at'), moment),
        told(one.get('action')),
        html`<code>${told(one.get('subject'))}</code>`,
        told(one.get('actor')),
        html`<code>${told(one.get('hash'))}</code>`,
      ],
      'The chain holds nothing about it.',
    ),
  )
}

/** Several lists as one table. Where one of them is missing, that is said, and none is not. */
function listed(
  lists: readonly Pages[],
  head: readonly string[],
  row: (one: Spot) => readonly Content[],
  none: string,
) {
  const unread = lists.map(({ connection }) => connection).filter(({ value }) => value === null)
  const silent = lists.find(({ connection }) => connection.incomplete.length > 0)
  const [first] = unread
  const empty = first ? absent(first) : silent ? emptyOf(silent.connection, none) : none
  const rows = lists.flatMap(({ nodes }) => nodes).map(row)
  return [
    table(head, rows, empty),
    rows.length > 0 && first ? html`<p>Not all could be read: ${absent(first)}</p>` : undefined,
    gaps(...lists.map(({ connection }) => connection)),
  ]
}

const person = (one: Spot): Content =>
  one.get('byName').value === null ? told(one.get('by')) : [told(one.get('byName')), ' (', told(one.get('by')), ')']

/** Whether it counted when the pack was made. */
function counts(one: Spot, madeAt: string): Content {
  const [revoked, expires] = [one.get('revokedAt'), one.get('expiresAt')]
  if (revoked.value !== null) {
    return html`<span class="FAIL">revoked</span> ${told(revoked, moment)} by ${told(one.get('revokedBy'))}: ${told(one.get('revocationReason'))}`
  }
  if (expires.value === null) return expires.none ? 'until it is revoked' : absent(expires)
  const over = String(expires.value) <= madeAt
  return over ? html`<span class="FAIL">expired</span> ${told(expires, moment)}` : ['until ', told(expires, moment)]
}
