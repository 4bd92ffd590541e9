import type { Material } from '../material.ts'
import { type Content, type Html, html } from './html.ts'
import { gap, section, table } from './parts.ts'
import { MOST_SHOWN, picture } from './picture.ts'

/** Where it comes from and what stands on it, as a picture and as its steps with their evidence. */
export function lineage({ evidence: { lineage: graph } }: Material): Html {
  const labels = new Map(graph.nodes.map(({ id, type, label }) => [id, `${type} ${label}`]))
  const more = graph.nodes.length - MOST_SHOWN
  return section(
    'Lineage',
    graph.nodes.length === 0
      ? html`<p>Nothing could be walked to.</p>`
      : html`<div class="wide">${picture(graph)}</div>`,
    more > 0
      ? html`<p>The ${MOST_SHOWN} nearest of ${graph.nodes.length} things are shown; lineage.json has all.</p>`
      : undefined,
    html`<p class="small">Arrows lead from what is made from to what is made. Dashed arrows are guesses; dashed boxes have more behind them, or something that could not be asked.</p>`,
    html`<h3>Steps on evidence of two tools</h3>`,
    table(
      ['From', 'To', 'Method', 'Confidence', 'Evidence'],
      graph.edges.flatMap(({ from, to, link }): Content[][] =>
        link
          ? [[labels.get(from) ?? from, labels.get(to) ?? to, link.method, String(link.confidence), link.evidence]]
          : [],
      ),
      'None: every step is one tool’s own word.',
    ),
    html`<h3>Where it stops or has holes</h3>`,
    holes(graph),
  )
}

function holes(graph: Material['evidence']['lineage']): Content {
  const rows = [
    ...graph.incomplete.map((one) => ['the walk', gap(one)]),
    ...graph.nodes.flatMap(({ type, label, incomplete }) => incomplete.map((one) => [`${type} ${label}`, gap(one)])),
  ]
  return table(['At', 'Why'], rows, 'Nowhere.')
}
