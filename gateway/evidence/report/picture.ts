import type { Lineage } from '../../exports/lineage.ts'
import { type Html, html } from './html.ts'
import { layered, type Place, type Placed, type Routed } from './layout.ts'

/** Things that a picture shows at most; the nearest ones. */
export const MOST_SHOWN = 120

const BOX = { width: 190, height: 44, across: 60, down: 14 }

/** Letters that usually fit into a box; wider ones are cut off at its edge. */
const LETTERS = 26

/** A picture of the lineage: boxes in layers, an arrow from what is made from to what is made. Dashed: guessed. Needs nothing but itself. */
export function picture(lineage: Lineage): Html {
  const nodes = lineage.nodes.slice(0, MOST_SHOWN)
  const { placed, routes, columns, rows } = layered({ nodes, edges: lineage.edges })
  const width = Math.max(1, columns * (BOX.width + BOX.across) - BOX.across) + 2
  const height = Math.max(1, rows * (BOX.height + BOX.down) - BOX.down) + 2
  const places = new Map(placed.map((one) => [one.node.id, one]))
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" role="img">
<title>Lineage</title>
<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="#555"/></marker></defs>
${routes.map((route) => arrow(route, places))}
${placed.map((one) => box(one, lineage.root))}
</svg>`
}

const left = ({ column }: Place) => column * (BOX.width + BOX.across)
const right = (place: Place) => left(place) + BOX.width
const height = ({ row }: Place) => row * (BOX.height + BOX.down) + BOX.height / 2

function arrow({ edge: { from, to, field, link }, through }: Routed, places: ReadonlyMap<string, Placed>): Html {
  const [start, end] = [places.get(from), places.get(to)]
  if (!start || !end) return html``
  const stops = [...through, end]
  const way = stops.map((stop, i) => {
    const before = stops[i - 1] ?? start
    const straight = i === stops.length - 1 ? '' : `H${right(stop)}`
    return `${bend(right(before), height(before), left(stop), height(stop))}${straight}`
  })
  const why = link ? `${field}: ${link.method}, ${link.confidence}, ${link.evidence}` : field
  const dashes = link?.method === 'GUESSED' ? html` stroke-dasharray="5 4"` : ''
  return html`<path d="M${right(start)} ${height(start)}${way.join('')}" fill="none" stroke="#555" marker-end="url(#arrow)"${dashes}><title>${why}</title></path>
`
}

function bend(x1: number, y1: number, x2: number, y2: number): string {
  const reach = Math.max(BOX.across / 2, Math.abs(x2 - x1) / 2)
  return `C${x1 + reach} ${y1} ${x2 - reach} ${y2} ${x2} ${y2}`
}

function box(placed: Placed, root: string): Html {
  const { id, type, label, truncated, incomplete } = placed.node
  const [x, y] = [left(placed), height(placed) - BOX.height / 2]
  const hole = truncated || incomplete.length > 0
  const why = incomplete.map(({ source, reason, message }) => `${source ?? ''} ${reason}: ${message}`)
  const dashes = hole ? html` stroke-dasharray="4 3"` : ''
  return html`<svg x="${x - 1}" y="${y - 1}" width="${BOX.width + 2}" height="${BOX.height + 2}"><title>${[id, ...why].join('\n')}</title><rect x="1" y="1" width="${BOX.width}" height="${BOX.height}" rx="4" fill="${id === root ? '#dbe9f6' : '#fff'}" stroke="${hole ? '#a40000' : '#333'}"${dashes}/>
<text x="9" y="18" font-size="10" fill="#555">${type}${hole ? ' (not whole)' : ''}</text>
<text x="9" y="35" font-size="12" fill="#111">${shortened(label)}</text></svg>
`
}

function shortened(label: string): string {
  const letters = [...label]
  return letters.length <= LETTERS ? label : `${letters.slice(0, LETTERS - 1).join('')}…`
}
