import { z } from 'zod'
import { type AdapterContext, defineAdapter } from '#lib/adapter.ts'
import { modelServices } from '#lib/config/claimed-models.ts'
import { parsedAnswer } from '#lib/parsed-answer.ts'
import { eachPage } from '#lib/upstream/pages.ts'
import type { UpstreamCall } from '#lib/upstream/upstream.ts'
import type { ModelClaimList, ModelClaimRecord, ModelClaimsPort } from '../port.ts'
import { type MlModel, modelPage } from './wire.ts'

const PATH = '/api/v1/mlmodels'
const FIELDS = 'owners,tags,domains'
const PER_PAGE = 500
/** More pages than any list has: a server that never ends is not followed for ever. */
const MAX_PAGES = 10_000

/** Those of the kind's options that matter here. */
const options = z.object({ modelServices: modelServices() })

/** What OpenMetadata 2.0 says of models. */
export const openMetadataClaims = defineAdapter<ModelClaimsPort, typeof options>({
  ...{ kind: 'openmetadata', options, create },
})

function create({ source, upstream }: AdapterContext<typeof options>): ModelClaimsPort {
  const answered = { source: source.id, tool: 'OpenMetadata', what: 'mlmodels' }

  async function read(after: string | undefined, limit: number, call: UpstreamCall) {
    const query = { fields: FIELDS, limit, after, include: 'non-deleted' }
    const response = await upstream.request({ method: 'GET', path: PATH, query }, call)
    return parsedAnswer(response.json(), modelPage, answered)
  }

  async function claims(call: UpstreamCall, maxModels: number): Promise<ModelClaimList> {
    const found: ModelClaimRecord[] = []
    const pages = eachPage({
      ...{ source: source.id, what: 'mlmodels', maxPages: MAX_PAGES },
      read: (after) => read(after, PER_PAGE, call),
      next: ({ paging }) => paging.after,
    })
    for await (const { data, paging } of pages) {
      found.push(...data.map((model) => claimOf(model, source.modelServices)))
      if (found.length >= maxModels) return { claims: found, truncated: paging.after !== null }
    }
    return { claims: found, truncated: false }
  }

  return {
    claims,
    probe: async (call) => {
      await read(undefined, 1, call)
      return { version: null, can: ['owners, domains and descriptions of models'], cannot: ['their versions'] }
    },
  }
}

/** A model of a service, which is one of a registry where the configuration says which that is. */
function claimOf(model: MlModel, services: Readonly<Record<string, string>>): ModelClaimRecord {
  const { name, fullyQualifiedName, service, owners, domains, tags } = model
  const registry = service.name !== null && Object.hasOwn(services, service.name) ? services[service.name] : undefined
  return {
    ...{ name: fullyQualifiedName, names: [name], registry: registry ?? null },
    basis: `model ${name} of the service ${service.name}`,
    description: model.description,
    domain: domains[0]?.displayName ?? domains[0]?.name ?? null,
    owners: owners.flatMap(({ name: owner, type, deleted }) => {
      if (owner === null) return []
      const kind = type === 'team' ? 'TEAM' : type === 'user' ? 'PERSON' : 'UNKNOWN'
      return [{ name: owner, kind, active: deleted === null ? null : !deleted }] as const
    }),
    tags: tags.map(({ tagFQN }) => ({ key: tagFQN, value: null })),
  }
}
