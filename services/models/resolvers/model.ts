import type { Config } from '#lib/config/schema.ts'
import { type Order, pageOf } from '#lib/page.ts'
import { provenanceOf } from '#lib/reading.ts'
import { ownersOf, tagValue } from '../claims.ts'
import type { ModelEntry, VersionEntry } from '../registry-index.ts'
import type { ChampionDeclarationResolvers, ModelResolvers } from '../schema.generated.ts'
import type { Lookups } from './query.ts'
import { dateTime } from './times.ts'

/** Versions are held newest first; their place among the model's versions, counted from the oldest, orders them. */
const newestFirst = ({ versions }: ModelEntry): Order<VersionEntry> => {
  const place = new Map(versions.map((version, i) => [version, i - versions.length]))
  return { name: 'NEWEST', keys: (version) => [place.get(version) ?? 0] }
}

/** `Model`. */
export function modelResolvers(lookups: Lookups, config: Config): ModelResolvers {
  return {
    __resolveReference: ({ id }, context) => lookups.model(id, context),
    name: ({ record }) => record.name,
    description: ({ record }) => record.description,
    owners: ({ record }) => ownersOf(record, config),
    domain: ({ record }) => tagValue(record.tags, config.tags.domain),
    purpose: ({ record }) => tagValue(record.tags, config.tags.purpose),
    tags: ({ record }) => record.tags,
    createdAt: ({ record }) => dateTime(record.createdAt),
    updatedAt: ({ record }) => dateTime(record.updatedAt),
    versions: (model, { first, after }) =>
      pageOf(model.versions, newestFirst(model), { first, after }, config.gateway.limits.pageSize, model.incomplete),
    aliases: ({ record, versions }) =>
      record.aliases.map(({ name, version }) => {
        const modelVersion = versions.find((one) => one.record.version === version) ?? null
        return { name, version, modelVersion }
      }),
    champion: ({ champion }) => champion?.version ?? null,
    championDeclaration: ({ champion }) => champion,
    latestVersion: ({ versions }) => versions[0] ?? null,
    candidates: ({ record }) => record.versions,
    webUrl: ({ record }) => record.webUrl,
    provenance: ({ registry, fetchedAt }) => provenanceOf(registry.source, registry.index.age(fetchedAt)),
  }
}

/** `ChampionDeclaration`. */
export const championDeclarationResolvers: ChampionDeclarationResolvers = {
  otherVersions: ({ others }) => others,
}
