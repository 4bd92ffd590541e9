import type { Spot } from '../answer.ts'
import type { Material } from '../material.ts'
import { type Content, type Html, html } from './html.ts'
import { emptyOf, facts, gaps, lines, link, moment, number, origin, page, section, table, told } from './parts.ts'

/** What is measured of it, what has drifted, and what somebody's rules call wrong now. */
export function monitoring({ evidence: { monitoring: spot } }: Material): Html {
  const [coverage, signals, alerts] = [spot.get('monitoring'), spot.get('signals'), spot.get('alerts')]
  const measured = (name: string) =>
    told(coverage.get(name), (value) => (value === true ? 'somebody measures it' : 'nobody measures it'))
  return section(
    'Monitoring, drift and alerts',
    facts(
      ['Requests', measured('traffic')],
      ['Latency', measured('latency')],
      ['Errors', measured('errors')],
      ['Drift', measured('drift')],
      [
        'Alerts',
        told(coverage.get('alerts'), (value) =>
          value === true ? 'an alert names it now' : 'no tool that holds alerts is configured',
        ),
      ],
    ),
    gaps(coverage),
    html`<h3>Signals</h3>`,
    table(
      ['Signal', 'Kind', 'Feature', 'Version', 'Value', 'Threshold', 'Beyond it', 'Measured', 'Source'],
      signals.get('nodes').items.map(signal),
      emptyOf(signals, 'Nobody publishes any.'),
    ),
    gaps(signals),
    html`<h3>Alerts</h3>`,
    alertTable(alerts),
  )
}

function signal(one: Spot): readonly Content[] {
  const unit = one.get('unit').value === null ? '' : [' ', told(one.get('unit'))]
  const breached = one.get('breached')
  return [
    told(one.get('name')),
    told(one.get('kind')),
    one.get('feature').value === null ? '' : told(one.get('feature')),
    one.get('version').value === null ? '' : told(one.get('version')),
    one.get('value').value === null ? html`<em>${told(one.get('state'))}</em>` : [told(one.get('value'), number), unit],
    [
      told(one.get('threshold'), number),
      one.get('worse').value === 'LOWER' ? ' (lower is worse)' : ' (higher is worse)',
    ],
    breached.value === true
      ? [html`<span class="FAIL">yes</span>, since `, told(one.get('since'), moment)]
      : told(breached, () => 'no'),
    told(one.get('measuredAt'), moment),
    [origin(one), ' ', link(one.get('link'))],
  ]
}

/** Alerts with the evidence that they are about this. */
function alertTable(alerts: Spot): Content {
  const rows = alerts.get('nodes').items.map((hit) => {
    const one = hit.get('alert')
    return [
      page(one.get('webUrl'), told(one.get('name'))),
      told(one.get('severity')),
      told(one.get('state')),
      told(one.get('summary')),
      told(one.get('startedAt'), moment),
      lines(one.get('silences'), (silence) => [
        'until ',
        told(silence.get('endsAt'), moment),
        ' by ',
        told(silence.get('createdBy')),
        ': ',
        told(silence.get('comment')),
      ]),
      [link(hit.get('link')), ' ', origin(one)],
    ]
  })
  const head = ['Alert', 'Severity', 'State', 'Summary', 'Since', 'Silenced', 'Why about this']
  return [table(head, rows, emptyOf(alerts, 'No alert is about it now.')), gaps(alerts)]
}
