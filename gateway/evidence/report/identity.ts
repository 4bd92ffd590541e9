import { type Spot, textOf } from '../answer.ts'
import type { Material } from '../material.ts'
import { type Content, type Html, html } from './html.ts'
import {
  absent,
  claims,
  emptyOf,
  facts,
  gaps,
  lines,
  link,
  list,
  moment,
  origin,
  page,
  pairs,
  section,
  table,
  told,
} from './parts.ts'

/** What the model is, who answers for it, and what is said to stand on it. */
export function identity({ evidence: { id, model, applications } }: Material): Html {
  return section(
    'Identity and owners',
    facts(
      ['Name', page(model.get('webUrl'), told(model.get('name')))],
      ['Id', html`<code>${id}</code>`],
      ['Owners', claims(model.get('owners'))],
      ['Domain', told(model.get('domain'))],
      ['Purpose', told(model.get('purpose'))],
      ['Description', told(model.get('description'))],
      ['Registered', told(model.get('createdAt'), moment)],
      ['Last changed', told(model.get('updatedAt'), moment)],
      ['Tags', pairs(model.get('tags'))],
      ['Source', origin(model)],
    ),
    html`<h3>Applications that are said to stand on it</h3>`,
    uses(applications),
  )
}

function uses(applications: Spot): Content {
  const rows = applications.get('nodes').items.map((use) => {
    const one = use.get('application')
    return [
      page(one.get('webUrl'), told(one.get('name'))),
      told(one.get('kind')),
      told(one.get('criticality')),
      claims(one.get('owners')),
      link(use.get('link')),
    ]
  })
  const none = emptyOf(applications, 'None is stated.')
  return [table(['Application', 'Kind', 'Criticality', 'Owners', 'Who says so'], rows, none), gaps(applications)]
}

/** Which versions there are, and which of them is declared to be in production. */
export function versions({ evidence: { model, versions: all, inUse } }: Material): Html {
  const uses = new Map(inUse.map(({ version, uses: why }) => [version, why.join(', ')]))
  const total = all.connection.get('totalCount')
  return section(
    'Versions and champion',
    facts(
      ['Champion', told(model.get('champion', 'version'))],
      ['Declared by', declaration(model.get('championDeclaration'))],
      ['Newest version', told(model.get('latestVersion', 'version'))],
      ['Aliases', list(model.get('aliases'), (alias) => [told(alias.get('name')), ' → ', told(alias.get('version'))])],
      ['Versions in all', told(total)],
    ),
    table(
      ['Version', 'In use', 'Status', 'Stage', 'Aliases', 'Registered', 'By', 'Run'],
      all.nodes.map((version) => [
        page(version.get('webUrl'), told(version.get('version'))),
        uses.get(textOf(version.get('version')) ?? '') ?? '',
        [
          told(version.get('status')),
          version.get('statusMessage').value === null ? '' : [': ', told(version.get('statusMessage'))],
        ],
        told(version.get('stage')),
        list(version.get('aliases'), (alias) => told(alias)),
        told(version.get('createdAt'), moment),
        told(version.get('createdBy')),
        html`<code>${told(version.get('runId'))}</code>`,
      ]),
      emptyOf(all.connection, 'It has no version.'),
    ),
    gaps(all.connection),
  )
}

function declaration(spot: Spot): Content {
  if (spot.value === null) return absent(spot)
  const others = spot.get('otherVersions')
  const beside =
    others.items.length === 0 ? '' : ['. Also in that stage: ', lines(others, (one) => told(one.get('version')))]
  return [told(spot.get('kind')), ' ', told(spot.get('name')), beside]
}
