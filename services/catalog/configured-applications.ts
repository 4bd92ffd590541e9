import type { Config } from '#lib/config/schema.ts'
import { makeId } from '#lib/ids.ts'
import { ownerClaim } from '#lib/people.ts'
import type { ApplicationEntry } from './applications.ts'
import type { ApplicationKind } from './schema.generated.ts'

/** Stands for the source in ids of what the configuration states; no source can be called so. */
const CONFIGURATION = 'modelops.yaml'

const KINDS: Readonly<Record<Config['applications'][number]['kind'], ApplicationKind>> = {
  dashboard: 'DASHBOARD',
  service: 'SERVICE',
  report: 'REPORT',
  'data-product': 'DATA_PRODUCT',
  decision: 'DECISION',
  other: 'OTHER',
}

/** The applications that the configuration states. */
export function configuredApplications({ applications, people }: Config): ApplicationEntry[] {
  return applications.map((one) => applicationOf(one, people))
}

function applicationOf(
  { id, name, kind, owner, models, endpoints, ...rest }: Config['applications'][number],
  people: Config['people'],
): ApplicationEntry {
  const evidence = `application ${id} of the configuration`
  return {
    ...{ id: makeId('Application', CONFIGURATION, id), source: CONFIGURATION, name, kind: KINDS[kind] },
    description: rest.description ?? null,
    owners: owner === undefined ? null : [ownerClaim({ name: owner, kind: 'UNKNOWN', evidence }, people)],
    domain: rest.domain ?? null,
    criticality: rest.criticality ?? null,
    webUrl: rest.webUrl ?? null,
    stated: {
      things: [
        ...endpoints.map(({ source, key }) => ({
          __typename: 'Endpoint' as const,
          id: makeId('Endpoint', source, key),
        })),
        ...models.map((model) => ({ __typename: 'Model' as const, id: makeId('Model', model.registry, model.name) })),
      ],
      datasets: rest.datasets,
      link: { method: 'CONFIGURED', confidence: 1, evidence },
    },
    told: null,
  }
}
