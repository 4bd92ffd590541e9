import type { Spot } from '../answer.ts'
import type { Material } from '../material.ts'
import { type Content, type Html, html } from './html.ts'
import { absent, emptyOf, gaps, moment, number, section, table, told } from './parts.ts'

/** What was seen to change, newest first, with how exactly the moment is known. */
export function history({ evidence: { history: seen } }: Material): Html {
  return section(
    'History',
    table(
      ['When it was seen', 'How exactly', 'What', 'Of', 'From', 'To', 'By', 'Shown by'],
      seen.nodes.map((one) => [
        told(one.get('at'), moment),
        exactly(one),
        told(one.get('kind')),
        html`<code>${told(one.get('subject'))}</code>`,
        change(one.get('before'), one.get('initial').value === true),
        change(one.get('after'), false),
        told(one.get('by')),
        told(one.get('source')),
      ]),
      emptyOf(seen.connection, 'Nothing was seen to change.'),
    ),
    gaps(seen.connection),
  )
}

function exactly(one: Spot): Content {
  if (one.get('initial').value === true) return 'found so at the first look; since when is not known'
  const by = one.get('backfilled').value === true ? 'remembered by the tool; ' : ''
  const precision = one.get('precisionSeconds')
  return precision.value === null ? [by, absent(precision)] : [by, 'at most ', told(precision, number), ' s earlier']
}

/** null is nothing there, but at the first look, which tells nothing of before. */
function change(spot: Spot, unknown: boolean): Content {
  if (spot.value !== null) return told(spot)
  return unknown || spot.why.length > 0 ? absent(spot) : 'nothing'
}
