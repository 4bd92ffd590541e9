import type { Spot } from '../answer.ts'
import type { Material } from '../material.ts'
import { type Content, type Html, html } from './html.ts'
import { absent, emptyOf, facts, gaps, moment, section, table, there, told } from './parts.ts'

/** How much can go wrong with it, when it was and is to be reviewed, and what it is used for. */
export function risk({ evidence: { risk: model, useCases } }: Material): Html {
  const [spot, review] = [model.get('risk'), model.get('review')]
  return section(
    'Risk, reviews and use cases',
    facts(
      ['Risk tier', told(spot.get('tier'))],
      ['Where it comes from', told(spot.get('evidence'))],
      ['Proposed by the facts of now', told(spot.get('proposedTier'))],
      ['Decided by a person', decision(spot)],
      ['Overtaken by facts', told(spot.get('overtaken'))],
      ['Reviews', [told(review.get('state')), ', every ', told(review.get('everyDays')), ' days']],
      ['Last review', told(review.get('lastAt'), moment)],
      ['Next due', told(review.get('dueAt'), moment)],
    ),
    gaps(spot, review),
    table(
      ['Framework', 'Tier', 'Why', 'Rule', 'Hash of its file'],
      spot
        .get('frameworks')
        .items.map((one) => [
          told(one.get('framework')),
          told(one.get('tier')),
          told(one.get('reason')),
          told(one.get('rule')),
          html`<code>${told(one.get('hash'))}</code>`,
        ]),
      emptyOf(spot.get('frameworks'), 'No tiering rule is configured.'),
    ),
    html`<h3>Use cases</h3>`,
    table(
      ['Use case', 'Status', 'Owner', 'Domain', 'Declared'],
      useCases.items.map((one) => [
        html`<strong>${told(one.get('name'))}</strong><p class="small">${told(one.get('description'))}</p>`,
        told(one.get('status')),
        told(one.get('owner')),
        told(one.get('domain')),
        [told(one.get('declaredAt'), moment), ' by ', told(one.get('declaredBy'))],
      ]),
      emptyOf(useCases, 'None names it.'),
    ),
  )
}

function decision(spot: Spot): Content {
  const one = spot.get('decision')
  if (there(one)) {
    const until = one.get('expiresAt').none ? '' : [', until ', told(one.get('expiresAt'), moment)]
    return [told(one.get('tier')), ' by ', told(one.get('by')), ' at ', told(one.get('at'), moment), until]
  }
  return absent(one)
}
