import type { Spot } from '../answer.ts'
import type { Material } from '../material.ts'
import { type Content, type Html, html } from './html.ts'
import { absent, emptyOf, facts, gaps, link, moment, number, origin, section, table, there, told } from './parts.ts'

/** Where it is served, in which version, whether that is ready, and how much it is asked. */
export function serving({ evidence: { served, traffic, endpoints } }: Material): Html {
  return section(
    'Serving',
    table(
      ['Version', 'As the server calls it', 'Endpoint', 'Environment', 'State', 'Recognised by', 'Source'],
      served.get('nodes').items.map(servedRow),
      emptyOf(served, 'It is served nowhere, by all servers that were asked.'),
    ),
    gaps(served),
    html`<h3>Endpoints</h3>`,
    endpoints.length === 0 ? html`<p>${emptyOf(served, 'None.')}</p>` : endpoints.map(endpoint),
    html`<h3>Traffic</h3>`,
    traffic.length === 0
      ? html`<p>${emptyOf(served, 'Nothing of it is served, so nothing is measured.')}</p>`
      : traffic.map(measured),
  )
}

function servedRow(node: Spot): readonly Content[] {
  const one = node.get('servedModel')
  return [
    told(node.get('version')),
    [told(one.get('name')), ' ', told(one.get('version'))],
    told(one.get('endpoint', 'name')),
    [told(one.get('endpoint', 'environment')), one.get('endpoint', 'production').value === true ? ' (production)' : ''],
    [
      told(one.get('state')),
      ', ',
      told(one.get('loadState')),
      one.get('stateMessage').value === null ? '' : [': ', told(one.get('stateMessage'))],
    ],
    link(node.get('link')),
    origin(one),
  ]
}

function endpoint(spot: Spot): Content {
  if (!there(spot)) return html`<p>${absent(spot)}</p>`
  const message = spot.get('stateMessage')
  return facts(
    ['Endpoint', html`<strong>${told(spot.get('name'))}</strong> <code>${told(spot.get('id'))}</code>`],
    ['Address', told(spot.get('url'))],
    ['Environment', told(spot.get('environment'))],
    ['Software', [told(spot.get('server', 'name')), ' ', told(spot.get('server', 'version'))]],
    ['State', [told(spot.get('state')), message.value === null ? '' : [': ', told(message)]]],
    ['Health', [told(spot.get('health', 'status')), '. ', told(spot.get('health', 'summary'))]],
    ['Source', origin(spot)],
  )
}

function measured(spot: Spot): Content {
  const traffic = spot.get('traffic')
  const name = html`<strong>${told(spot.get('name'))} ${told(spot.get('version'))}</strong> on ${told(spot.get('endpoint', 'name'))}`
  if (!there(traffic)) {
    return facts(
      ['Served model', name],
      ['Traffic', traffic.none ? 'no configured monitor watches this server' : absent(traffic)],
    )
  }
  return [
    facts(
      ['Served model', name],
      [
        'Measured',
        [
          told(traffic.get('state')),
          ', of ',
          told(traffic.get('covers')),
          ', over ',
          told(traffic.get('windowSeconds')),
          ' s until ',
          told(traffic.get('asOf'), moment),
        ],
      ],
      ['Requests per second', told(traffic.get('requestsPerSecond'), number)],
      ['Share of errors', told(traffic.get('errorRatio'), number)],
      ['Seconds, mean', told(traffic.get('latencyMeanSeconds'), number)],
      ['Seconds, 95 of 100', told(traffic.get('latencyP95Seconds'), number)],
      ['Source', origin(traffic)],
    ),
    gaps(traffic),
  ]
}
