import { safeLink, withoutCredentials } from '#lib/address.ts'
import type { OwnerKind } from '#lib/common.generated.ts'
import type { CheckRecord, ColumnRecord, DatasetRecord, LineageEdge, OwnerRecord } from '../port.ts'
import type { Dataset, Job } from './wire.ts'

/** Datasets, without those that are another one's second name: Marquez lists these beside it, without facets. */
export function datasetRecords(datasets: readonly Dataset[]): DatasetRecord[] {
  const aliases = new Set(
    datasets.flatMap(({ id, facets }) =>
      (facets.symlinks?.identifiers ?? []).filter((one) => !same(one, id)).map(keyText),
    ),
  )
  return datasets
    .filter(({ id, physicalName }) => !(aliases.has(keyText(id)) && physicalName !== id.name))
    .map(datasetRecord)
}

function datasetRecord({ id, facets, tags, fields, ...rest }: Dataset): DatasetRecord {
  const { ownership, documentation, symlinks, columnLineage, dataQualityAssertions } = facets
  const tagFacet = facets.tags?.tags ?? []
  return {
    ...id,
    address: `dataset:${id.namespace}:${id.name}`,
    aliases: (symlinks?.identifiers ?? [])
      .filter((alias) => !same(alias, id))
      .map(({ namespace, name }) => ({ namespace, name, evidence: `symlinks facet of ${id.namespace} ${id.name}` })),
    displayName: null,
    description: rest.description ?? documentation?.description ?? null,
    ...{ domain: null, deprecated: null },
    owners: ownership?.owners.map(ownerRecord) ?? null,
    // Marquez' own tags are words; the facet's stay with the facet.
    classifications: tags,
    tags: tagFacet.filter(({ field }) => field === null).map(({ key, value }) => ({ key, value })),
    columns: fields.map(
      (field): ColumnRecord => ({
        name: field.name,
        dataType: field.type,
        description: field.description,
        classifications: field.tags ?? [],
        tags: tagFacet.filter((tag) => tag.field === field.name).map(({ key, value }) => ({ key, value })),
        sources: columnLineage && sourcesOf(columnLineage.fields, field.name),
      }),
    ),
    deleted: rest.deleted === true || rest.lastLifecycleState === 'DROP',
    updatedAt: rest.updatedAt,
    dataUpdatedAt: rest.lastModifiedAt,
    checks: checkRecords(dataQualityAssertions),
  }
}

type Assertion = NonNullable<Dataset['facets']['dataQualityAssertions']>['assertions'][number]
type TracedColumns = NonNullable<Dataset['facets']['columnLineage']>['fields']

function sourcesOf(fields: TracedColumns, column: string): NonNullable<ColumnRecord['sources']> {
  const { inputFields = [] } = Object.hasOwn(fields, column) ? (fields[column] ?? {}) : {}
  return inputFields.map(({ namespace, name, field }) => ({ namespace, name, column: field }))
}

/** OpenLineage writes `team:name` and `user:name`. */
function ownerRecord({ name, type }: { name: string; type: string | null }): OwnerRecord {
  const [, prefix = '', rest = name] = /^(team|group|user):(.+)$/s.exec(name) ?? []
  const kinds: Readonly<Record<string, OwnerKind>> = { team: 'TEAM', group: 'TEAM', user: 'PERSON' }
  const evidence = `ownership facet: ${name}${type === null ? '' : ` (${type})`}`
  return { name: rest, kind: kinds[prefix] ?? 'UNKNOWN', evidence }
}

/** null: nobody checked. */
export function checkRecords(facet: Dataset['facets']['dataQualityAssertions']): CheckRecord[] | null {
  return facet?.assertions.map(checkRecord) ?? null
}

function checkRecord({ assertion, name, column, success, expected, actual }: Assertion): CheckRecord {
  const found = [expected && `expected ${expected}`, actual && `found ${actual}`].filter(Boolean).join(', ')
  return {
    address: null,
    name: name ?? assertion,
    column,
    status: success == null ? 'UNKNOWN' : success ? 'PASSED' : 'FAILED',
    message: found || null,
    // The facet has no time, and the dataset's own is that of its last event, whichever that was.
    ranAt: null,
  }
}

/** Every output of a job is held to be made from every input. */
export function lineageEdges(jobs: readonly Job[]): LineageEdge[] {
  return jobs.flatMap(({ id, inputs, outputs, description, location }) => {
    const codeUrl = location === null ? null : safeLink(withoutCredentials(location))
    const job = { namespace: id.namespace, name: id.name, description, codeUrl }
    return inputs.flatMap((from) => outputs.map((to) => ({ from, to, job })))
  })
}

const keyText = ({ namespace, name }: { namespace: string; name: string }): string => JSON.stringify([namespace, name])
const same = (a: { namespace: string; name: string }, b: { namespace: string; name: string }): boolean =>
  keyText(a) === keyText(b)
