import type { Spot } from '../answer.ts'
import type { VersionInUse } from '../gather.ts'
import type { Material } from '../material.ts'
import { type Content, type Html, html } from './html.ts'
import {
  absent,
  claims,
  facts,
  gaps,
  lines,
  link,
  list,
  moment,
  number,
  origin,
  page,
  pairs,
  section,
  there,
  told,
} from './parts.ts'

/** What each version in use was trained from: its run and the data that the run read. */
export function training({ evidence: { inUse } }: Material): Html {
  return section(
    'Training run and data',
    inUse.length === 0 ? html`<p>No version is known to be in use.</p>` : inUse.map(version),
  )
}

function version({ version: name, uses, told: spot, dataThen }: VersionInUse): Content {
  if (!there(spot)) return [html`<h3>Version ${name} (${uses.join(', ')})</h3>`, html`<p>${absent(spot)}</p>`]
  const run = spot.get('run')
  return [
    html`<h3>Version ${name} (${uses.join(', ')})</h3>`,
    facts(
      ['Artifact', told(spot.get('artifactUri'))],
      ['Flavors', list(spot.get('flavors'), (flavor) => told(flavor))],
      ['Takes', lines(spot.get('signature', 'inputs'), tensor)],
      ['Answers', lines(spot.get('signature', 'outputs'), tensor)],
      ['Parameters', pairs(spot.get('parameters'))],
      ['Metrics', lines(spot.get('metrics'), metric)],
      ['Tags', pairs(spot.get('tags'))],
      ['Source', origin(spot)],
    ),
    gaps(spot),
    html`<h3>The run that made version ${name}</h3>`,
    there(run) ? runFacts(run) : html`<p>${absent(run)}</p>`,
    html`<h3>The data that it read</h3>`,
    data(run.get('inputs'), dataThen),
  ]
}

function runFacts(run: Spot): Content {
  return facts(
    ['Run', page(run.get('webUrl'), [told(run.get('name')), ' ', html`<code>${told(run.get('runId'))}</code>`])],
    ['Experiment', told(run.get('experiment', 'name'))],
    ['Status', [told(run.get('status')), run.get('deleted').value === true ? ', kept as deleted' : '']],
    ['Started', told(run.get('startedAt'), moment)],
    ['Ended', told(run.get('endedAt'), moment)],
    ['Seconds', told(run.get('durationSeconds'), number)],
    ['Run by', told(run.get('user'))],
    ['Part of', told(run.get('parentRun', 'name'))],
    ['Source', origin(run)],
  )
}

function data(inputs: Spot, dataThen: Spot): Content {
  if (inputs.value === null) return html`<p>${absent(inputs)}</p>`
  if (inputs.items.length === 0) return html`<p>It recorded none.</p>`
  return inputs.items.map((input) => {
    const dataset = input.get('dataset')
    return [
      facts(
        ['Dataset', html`<strong>${told(input.get('name'))}</strong>`],
        ['Read for', told(input.get('context'))],
        ['Read from', told(input.get('location'))],
        ['Digest', told(input.get('digest'))],
        [
          'Recognised as',
          there(dataset) ? [html`<code>${told(dataset.get('id'))}</code> `, link(input.get('link'))] : absent(dataset),
        ],
        ...(there(dataset) ? catalogued(dataset) : []),
        ...(there(dataset) ? ([['Quality when the run started', qualityThen(dataset, dataThen)]] as const) : []),
      ),
      gaps(dataset),
    ]
  })
}

function catalogued(dataset: Spot): readonly (readonly [string, Content])[] {
  const quality = dataset.get('quality')
  const disputes = dataset.get('disagreements').items
  return [
    ['Owners', claims(dataset.get('owners'))],
    ['Domain', told(dataset.get('domain'))],
    ['Classifications', list(dataset.get('classifications'), (one) => told(one))],
    ['Classified columns', columns(dataset.get('columns'))],
    ['Deprecated', told(dataset.get('deprecated'))],
    ['Data last changed', told(dataset.get('dataUpdatedAt'), moment)],
    ['Quality', there(quality) ? [checks(quality), gaps(quality)] : absent(quality)],
    ...(disputes.length === 0 ? [] : [['Catalogs disagree on', disputes.map(dispute)] as const]),
    ['Source', origin(dataset)],
  ]
}

function qualityThen(dataset: Spot, dataThen: Spot): Content {
  if (dataThen.value === null) return absent(dataThen)
  const id = dataset.get('id').value
  const quality = dataThen.items.find((one) => one.get('dataset', 'id').value === id)?.get('quality')
  if (!quality) return html`<em>not known</em>`
  if (!there(quality)) return quality.none ? 'no catalog that was asked tells how it stood then' : absent(quality)
  return [checks(quality), gaps(quality)]
}

function columns(spot: Spot): Content {
  if (spot.value === null) return absent(spot)
  const classified = spot.items.filter((column) => column.get('classifications').items.length > 0)
  if (classified.length === 0)
    return spot.beside.length === 0 ? `none of ${spot.items.length}` : `none is known, of ${spot.items.length}`
  return html`<ul>${classified.map((column) => html`<li>${told(column.get('name'))}: ${list(column.get('classifications'), (one) => told(one))}</li>`)}</ul>`
}

function checks(quality: Spot): Content {
  const bad = quality.get('checks').items.filter((check) => check.get('status').value !== 'PASSED')
  return [
    html`${told(quality.get('status'))}: ${told(quality.get('passed'))} passed, ${told(quality.get('failed'))} failed, ${told(quality.get('unknown'))} without a result; last run `,
    told(quality.get('lastRunAt'), moment),
    ...(bad.length === 0
      ? []
      : [
          html`<ul>${bad.map((check) => html`<li>${told(check.get('status'))}: ${told(check.get('name'))} ${told(check.get('message'))}</li>`)}</ul>`,
        ]),
  ]
}

const dispute = (spot: Spot) =>
  html`<p>${told(spot.get('field'))}: ${lines(spot.get('told'), (one) => [told(one.get('catalogId')), ' says ', told(one.get('value'))])}</p>`

const tensor = (spot: Spot): Content => [
  told(spot.get('name')),
  ': ',
  told(spot.get('dataType')),
  spot.get('shape').value === null ? '' : [' [', list(spot.get('shape'), (one) => told(one)), ']'],
  spot.get('optional').value === true ? ', may be left out' : '',
]

const metric = (spot: Spot): Content => [
  told(spot.get('name')),
  ' = ',
  told(spot.get('text')),
  spot.get('dataset').value === null ? '' : [' on ', told(spot.get('dataset'))],
]
