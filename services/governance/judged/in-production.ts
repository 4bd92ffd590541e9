import type { Incomplete } from '#lib/common.generated.ts'
import { makeId, parseId } from '#lib/ids.ts'
import type { JudgedSubject } from '#lib/rules/results.ts'

/** The versions of a model that count in what is said of the model. */
export interface InProduction {
  /** Ids, the champion first. */
  readonly versions: readonly string[]
  /** Why there may be more. */
  readonly incomplete: readonly Incomplete[]
}

/** What is asked for of a model to know them. */
export const IN_PRODUCTION = `champion { id } served { nodes { version servedModel { name state endpoint { production } } } incomplete { source reason message count } }`

/** The part of an answer that is asked for. */
interface Asked {
  readonly id?: string
  readonly champion?: { readonly id: string } | null
  readonly served?: {
    readonly nodes: readonly {
      readonly version: string | null
      readonly servedModel: {
        readonly name: string
        readonly state: string
        readonly endpoint: { readonly production: boolean | null }
      }
    }[]
    readonly incomplete: readonly Incomplete[]
  } | null
}

/**
 * The champion, and what answers requests of the model anywhere that is not known to be no production: by the registry's
 * word and in fact.
 */
export function inProductionOf({
  id,
  raw,
  at,
  errors,
}: Pick<JudgedSubject, 'id' | 'raw' | 'at' | 'errors'>): InProduction {
  const { champion, served, id: own = id } = raw as Asked
  const [source = '', name = ''] = parseId(own)?.parts ?? []
  const serving = (served?.nodes ?? []).filter(
    ({ servedModel }) => servedModel.state !== 'NOT_READY' && servedModel.endpoint.production !== false,
  )
  const recognised = serving.flatMap(({ version }) => version ?? [])
  const unknown = serving.length - recognised.length
  const versions = recognised.map((version) => makeId('ModelVersion', source, name, version))
  const message = `${unknown} of the places that serve ${name} do not tell which version they serve.`
  return {
    versions: [...new Set([...(champion ? [champion.id] : []), ...versions])],
    incomplete: [
      ...(champion ? [] : (errors.why(`${at}.champion`) ?? [])),
      ...(served ? served.incomplete : (errors.why(`${at}.served`) ?? [servingSilent])),
      ...(unknown > 0 ? [{ source: null, reason: 'UNMATCHED' as const, message, count: unknown }] : []),
    ],
  }
}

const servingSilent: Incomplete = {
  source: null,
  reason: 'DOWN',
  message: 'The serving side did not answer, so that it is not known which versions are served.',
  count: null,
}
