import { type Spot, textOf } from '../answer.ts'
import type { Evidence, VersionInUse } from '../gather.ts'
import type { Material } from '../material.ts'
import { dataComponent, linkText } from './dataset.ts'
import { type Bom, type Commit, type Component, iriOf, propertiesOf, unlessEmpty } from './format.ts'
import { modelCard, unique } from './model-card.ts'

/** A version with the data it stands on. */
interface Described {
  readonly component: Component & { readonly 'bom-ref': string }
  readonly datasets: readonly (Component & { readonly 'bom-ref': string })[]
}

/**
 * The machine-learning bill of materials of a model, CycloneDX 1.7: its subject is the champion, else what is served, else
 * the newest version; other versions in use and the data are its components. `serial`: a UUID.
 */
export function mlBom({ evidence, completeness, tool, madeAt, graphHash }: Material, serial: string): Bom {
  const described = evidence.inUse.map((version) => describe(evidence, version))
  const [first, ...others] = described
  const subject = first?.component ?? withoutVersion(evidence)
  const datasets = new Map(described.flatMap((one) => one.datasets.map((dataset) => [dataset['bom-ref'], dataset])))
  const refs = [...new Set([subject['bom-ref'], ...others.map(({ component }) => component['bom-ref'])])]
  const missing = completeness.missing.map(
    ({ source, reason, message }) => `${source ?? 'no single source'}: ${reason}. ${message}`,
  )
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.7.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.7',
    serialNumber: `urn:uuid:${serial}`,
    version: 1,
    metadata: {
      timestamp: madeAt,
      tools: { components: [{ type: 'application', name: tool.name, version: tool.version }] },
      component: subject,
      properties: [
        ...propertiesOf({
          'asked-by': textOf(evidence.caller.get('subject')),
          'oldest-fact': completeness.oldestFact,
          'graph-sha256': graphHash,
          incomplete: String(completeness.incomplete),
        }),
        ...missing.flatMap((text) => propertiesOf({ missing: text })),
      ],
    },
    components: [...others.map(({ component }) => component), ...datasets.values()],
    dependencies: [
      ...(described.length === 0 ? [{ ref: subject['bom-ref'], dependsOn: [] }] : []),
      ...described.map(({ component, datasets: own }) => ({
        ref: component['bom-ref'],
        dependsOn: unique(own.map((dataset) => dataset['bom-ref'])),
      })),
    ],
    // Libraries are not in it, so that it is never said to be complete.
    compositions: [
      {
        aggregate: completeness.incomplete ? 'incomplete' : 'not_specified',
        assemblies: refs,
        dependencies: refs,
      },
    ],
  }
}

function describe(evidence: Evidence, version: VersionInUse): Described {
  const { id, told, code, uses } = version
  const run = told.get('run')
  const runId = textOf(run.get('id')) ?? id
  const datasets = run.get('inputs').items.map((input, i) => dataComponent(input, runId, i))
  const commits = commitsOf(code)
  const description = textOf(told.get('description')) ?? textOf(evidence.model.get('description'))
  return {
    datasets,
    component: {
      ...{
        type: 'machine-learning-model',
        'bom-ref': id,
        name: nameOf(evidence),
        version: version.version.slice(0, 1_024),
      },
      ...(description !== undefined && { description }),
      ...(commits.length > 0 && { pedigree: { commits } }),
      ...unlessEmpty('externalReferences', references(told, code)),
      modelCard: modelCard(evidence, version, datasets),
      properties: [
        ...propertiesOf({
          'in-use': uses.join(', '),
          status: textOf(told.get('status')),
          'artifact-uri': textOf(told.get('artifactUri')),
          'run-id': textOf(told.get('runId')),
          'commit-link': linkText(code.get('run', 'commitLink')),
        }),
        ...ownerProperties(evidence),
        ...propertiesOf({
          'risk-tier': textOf(evidence.risk.get('risk', 'tier')),
          compliance: textOf(evidence.compliance.get('status')),
          health: textOf(evidence.health.get('status')),
        }),
      ],
    },
  }
}

function withoutVersion(evidence: Evidence): Described['component'] {
  const description = textOf(evidence.model.get('description'))
  return {
    ...{ type: 'machine-learning-model', 'bom-ref': evidence.id, name: nameOf(evidence) },
    ...(description !== undefined && { description }),
    properties: ownerProperties(evidence),
  }
}

const nameOf = ({ model, id }: Evidence) => textOf(model.get('name')) ?? id

const ownerProperties = ({ model }: Evidence) =>
  model.get('owners').items.flatMap((owner) => propertiesOf({ owner: textOf(owner.get('name')) }))

function commitsOf(code: Spot): Commit[] {
  const commit = code.get('run', 'commit')
  const [uid, message, name, timestamp] = ['sha', 'message', 'author', 'authoredAt'].map((field) =>
    textOf(commit.get(field)),
  )
  if (uid === undefined) return []
  const url = iriOf(textOf(commit.get('webUrl')) ?? textOf(commit.get('repositoryUrl')))
  const author = { ...(name !== undefined && { name }), ...(timestamp !== undefined && { timestamp }) }
  return [
    {
      uid,
      ...(url !== undefined && { url }),
      ...(message !== undefined && { message }),
      ...(Object.keys(author).length > 0 && { author }),
    },
  ]
}

function references(told: Spot, code: Spot): NonNullable<Component['externalReferences']> {
  const all: readonly (readonly [string, Spot])[] = [
    ['vcs', code.get('run', 'commit', 'repositoryUrl')],
    ['build-meta', code.get('run', 'pipelineRun', 'webUrl')],
    ['documentation', told.get('webUrl')],
    ['log', told.get('run', 'webUrl')],
  ]
  return all.flatMap(([type, spot]) => {
    const url = iriOf(textOf(spot))
    return url === undefined ? [] : [{ type, url }]
  })
}
