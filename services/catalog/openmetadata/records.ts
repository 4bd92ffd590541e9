import { safeLink, withoutCredentials } from '#lib/address.ts'
import { openMetadataName } from '#lib/dataset-name.ts'
import type { ApplicationRecord, CheckRecord, ColumnRecord, DatasetRecord, LineageEdge, OwnerRecord } from '../port.ts'
import type { Dashboard, Edge, Table, TestCase } from './wire.ts'

/** Namespaces of OpenMetadata's services, as configured. */
export type Services = Readonly<Record<string, string>>

/** A table with its checks. */
export function tableRecord(
  table: Table,
  checks: readonly CheckRecord[] | undefined,
  services: Services,
): DatasetRecord {
  const { fullyQualifiedName: fqn, tags, owners, domains, entityStatus, lifeCycle } = table
  return {
    ...openMetadataName(fqn, services),
    address: fqn,
    aliases: [],
    displayName: table.displayName ?? fqn,
    description: table.description,
    domain: domainOf(domains),
    deprecated: entityStatus === null || entityStatus === 'Unprocessed' ? null : entityStatus === 'Deprecated',
    owners: ownerRecords(owners, fqn),
    ...classified(tags),
    columns: table.columns.map(
      (column): ColumnRecord => ({
        name: column.name,
        dataType: column.dataTypeDisplay ?? column.dataType,
        description: column.description,
        ...classified(column.tags),
        sources: null,
      }),
    ),
    deleted: table.deleted ?? null,
    updatedAt: table.updatedAt,
    dataUpdatedAt: lifeCycle?.updated?.timestamp ?? lifeCycle?.created?.timestamp ?? null,
    checks: checks ?? null,
  }
}

/** A dashboard or a report. Its tier says how much depends on it. */
export function dashboardRecord(dashboard: Dashboard): ApplicationRecord {
  const { fullyQualifiedName: fqn, dashboardType, tags, owners, domains, sourceUrl } = dashboard
  const [, tier = null] =
    /^Tier\.(.+)$/s.exec(tags.find(({ tagFQN }) => tagFQN.startsWith('Tier.'))?.tagFQN ?? '') ?? []
  return {
    ...{ address: fqn, name: dashboard.displayName ?? dashboard.name, description: dashboard.description },
    kind: dashboardType === 'Report' ? 'REPORT' : 'DASHBOARD',
    domain: domainOf(domains),
    deprecated: null,
    owners: ownerRecords(owners, fqn),
    ...classified(tags),
    criticality: tier,
    webUrl: sourceUrl === null ? null : safeLink(withoutCredentials(sourceUrl)),
  }
}

const domainOf = ([domain]: Table['domains']): string | null => domain?.displayName ?? domain?.name ?? null

/** Users and teams that a thing refers to. A deleted one stays its owner until somebody says who is. */
function ownerRecords(owners: Table['owners'], of: string): OwnerRecord[] {
  return owners.flatMap(({ name, type, deleted }): OwnerRecord[] => {
    if (name === null) return []
    const kind = type === 'team' ? 'TEAM' : type === 'user' ? 'PERSON' : 'UNKNOWN'
    return [{ name, kind, evidence: `owner of ${of}`, active: deleted === null ? null : !deleted }]
  })
}

/** Tags of a classification say what kind of data it is; tiers, certificates and terms of a glossary say something else. */
function classified(tags: Table['tags']): Pick<ColumnRecord, 'classifications' | 'tags'> {
  const isClassification = ({ tagFQN, source }: Table['tags'][number]) =>
    source !== 'Glossary' && !/^(Tier|Certification)\./.test(tagFQN)
  return {
    classifications: tags.filter(isClassification).map(({ tagFQN }) => tagFQN),
    tags: tags.filter((tag) => !isClassification(tag)).map(({ tagFQN }) => ({ key: tagFQN, value: null })),
  }
}

const STATUS: Readonly<Record<string, CheckRecord['status']>> = { Success: 'PASSED', Failed: 'FAILED' }

/** Checks by the fully qualified name of the table that they are of. */
export function checksByTable(testCases: readonly TestCase[]): ReadonlyMap<string, readonly CheckRecord[]> {
  const checks = testCases.flatMap((testCase) => {
    const { name, displayName, entityLink, fullyQualifiedName: address, deleted, testCaseResult: result } = testCase
    const [, table, column = null] = /^<#E::table::(.+?)(?:::columns::(.+))?>$/s.exec(entityLink) ?? []
    if (table === undefined || deleted) return []
    const check = { address, name: displayName ?? name, column, ...outcomeOf(result) }
    return [{ table, check }]
  })
  const groups = Map.groupBy(checks, ({ table }) => table)
  return new Map([...groups].map(([table, group]) => [table, group.map(({ check }) => check)]))
}

type Result = NonNullable<TestCase['testCaseResult']>

function outcomeOf(result: Result | null): Pick<CheckRecord, 'status' | 'message' | 'ranAt'> {
  return {
    status: STATUS[result?.testCaseStatus ?? ''] ?? 'UNKNOWN',
    message: result?.result ?? null,
    ranAt: result?.timestamp ?? null,
  }
}

/** A check with the last of its results before a moment, in whichever order they are; without one, it is UNKNOWN. */
export function standingCheck(check: CheckRecord, results: readonly Result[], at: number): CheckRecord {
  const before = results.filter(({ timestamp }) => timestamp !== null && timestamp <= at)
  const last = before.toSorted((a, b) => (b.timestamp ?? 0) - (a.timestamp ?? 0))[0] ?? null
  return { ...check, ...outcomeOf(last) }
}

/** Edges between tables; `neighbours.ts` reads what leads to dashboards and models. */
export function lineageEdges(edges: readonly Edge[], services: Services): LineageEdge[] {
  return edges.flatMap(({ fromEntity, toEntity, pipeline, columns }) => {
    if (fromEntity.type !== 'table' || toEntity.type !== 'table') return []
    return [
      {
        from: openMetadataName(fromEntity.fullyQualifiedName, services),
        to: openMetadataName(toEntity.fullyQualifiedName, services),
        job: jobOf(pipeline?.fullyQualifiedName ?? null),
        columns: columns.flatMap(({ fromColumns, toColumn }) => {
          const to = columnIn(toEntity.fullyQualifiedName, toColumn)
          return fromColumns.flatMap((column) => {
            const from = columnIn(fromEntity.fullyQualifiedName, column)
            return from === undefined || to === undefined ? [] : [{ from, to }]
          })
        }),
      },
    ]
  })
}

/** The name of a column by its fully qualified one; undefined: it is of another table. */
function columnIn(table: string, fqn: string): string | undefined {
  if (!fqn.startsWith(`${table}.`)) return undefined
  const name = fqn.slice(table.length + 1)
  return /^"((?:[^"]|"")*)"$/s.exec(name)?.[1]?.replaceAll('""', '"') ?? name
}

/** `service.pipeline`; not told where the edge has none. */
function jobOf(fqn: string | null): LineageEdge['job'] {
  const [, namespace, name] = /^("(?:[^"]|"")*"|[^.]+)\.(.+)$/s.exec(fqn ?? '') ?? []
  return namespace === undefined || name === undefined
    ? null
    : { namespace: namespace.replace(/^"|"$/g, ''), name, description: null, codeUrl: null }
}
