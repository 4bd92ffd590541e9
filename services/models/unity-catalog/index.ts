import { z } from 'zod'
import { type AdapterContext, defineAdapter } from '#lib/adapter.ts'
import { modelsRegistry } from '#lib/config/claimed-models.ts'
import { parsedAnswer } from '#lib/parsed-answer.ts'
import { eachPage } from '#lib/upstream/pages.ts'
import type { UpstreamCall } from '#lib/upstream/upstream.ts'
import type { ModelClaimList, ModelClaimRecord, ModelClaimsPort } from '../port.ts'

const PATH = '/api/2.1/unity-catalog/models'
/** The server gives no more, whatever is asked for. */
const PER_PAGE = 100
/** More pages than any list has: a server that never ends is not followed for ever. */
const MAX_PAGES = 10_000

const text = z
  .string()
  .nullish()
  .transform((value) => value || null)

/** A registered model, seen on 0.6.0. There are no tags. */
const registeredModel = z.object({ name: z.string(), full_name: z.string(), comment: text, owner: text })
const modelPage = z.object({ registered_models: z.array(registeredModel), next_page_token: text })

/** Those of the kind's options that matter here. */
const options = z.object({ modelsRegistry: modelsRegistry() })

/** What Unity Catalog OSS 0.6 says of its registered models. */
export const unityCatalogClaims = defineAdapter<ModelClaimsPort, typeof options>({
  ...{ kind: 'unity-catalog', options, create },
})

function create({ source, upstream }: AdapterContext<typeof options>): ModelClaimsPort {
  const answered = { source: source.id, tool: 'Unity Catalog', what: 'models' }

  async function read(token: string | undefined, call: UpstreamCall) {
    const query = { max_results: PER_PAGE, page_token: token }
    const response = await upstream.request({ method: 'GET', path: PATH, query }, call)
    return parsedAnswer(response.json(), modelPage, answered)
  }

  /** Without names of catalog and schema, the models of all are listed. */
  async function claims(call: UpstreamCall, maxModels: number): Promise<ModelClaimList> {
    const found: z.output<typeof registeredModel>[] = []
    let truncated = false
    const pages = eachPage({
      ...{ source: source.id, what: 'models', maxPages: MAX_PAGES },
      read: (token) => read(token, call),
      next: ({ next_page_token }) => next_page_token,
    })
    for await (const page of pages) {
      found.push(...page.registered_models)
      truncated = found.length >= maxModels && page.next_page_token !== null
      if (found.length >= maxModels) break
    }
    const lastParts = Map.groupBy(found, ({ name }) => name)
    return { claims: found.map((model) => claimOf(model, lastParts.get(model.name)?.length === 1)), truncated }
  }

  function claimOf(
    { name, full_name, comment, owner }: z.output<typeof registeredModel>,
    sole: boolean,
  ): ModelClaimRecord {
    return {
      ...{ name: full_name, names: sole ? [full_name, name] : [full_name], registry: source.modelsRegistry ?? null },
      ...{ basis: `registered model ${full_name}`, description: comment, domain: null, tags: [] },
      owners: owner === null ? null : [{ name: owner, kind: 'UNKNOWN', active: null }],
    }
  }

  return {
    claims,
    probe: async (call) => {
      await read(undefined, call)
      return {
        version: null,
        can: ['owners and comments of registered models'],
        cannot: ['tags of models: there are none'],
      }
    },
  }
}
