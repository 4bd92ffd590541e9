import { hiddenFrom } from '#lib/access.ts'
import type { Config } from '#lib/config/schema.ts'
import { type Order, pageOf } from '#lib/page.ts'
import { provenanceOf } from '#lib/reading.ts'
import type { ClaimEntry } from '../catalog-claims.ts'
import { descriptionOf, disagreementsOf, domainOf, ownersByTags, ownersOf, tagValue } from '../claims.ts'
import type { Registries } from '../registries.ts'
import type { ModelEntry, VersionEntry } from '../registry-index.ts'
import type { ChampionDeclarationResolvers, ModelClaimResolvers, ModelResolvers } from '../schema.generated.ts'
import type { Lookups } from './query.ts'
import { dateTime } from './times.ts'

/** Versions are held newest first; their place among the model's versions, counted from the oldest, orders them. */
const newestFirst = ({ versions }: ModelEntry): Order<VersionEntry> => {
  const place = new Map(versions.map((version, i) => [version, i - versions.length]))
  return { name: 'NEWEST', keys: (version) => [place.get(version) ?? 0] }
}

/** `Model`. */
export function modelResolvers(registries: Registries, lookups: Lookups, config: Config): ModelResolvers {
  return {
    __resolveReference: ({ id }, context) => lookups.model(id, context),
    name: ({ record }) => record.name,
    description: (model) => descriptionOf(model),
    owners: (model) => ownersOf(model, config),
    domain: (model) => domainOf(model, config),
    claims: async (model, _, context) => ({
      nodes: [registryClaim(model, config), ...model.claims],
      disagreements: disagreementsOf(model, config),
      incomplete: [
        ...(await registries.silentClaims(context)),
        ...model.hiddenClaims.flatMap((source) => hiddenFrom(source, 1)),
      ],
    }),
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

/** What the registry itself says, in the form of what catalogs say. */
function registryClaim({ source, registry, record, fetchedAt }: ModelEntry, config: Config): ClaimEntry {
  return {
    ...{ source, from: registry, name: record.name, description: record.description, tags: record.tags, fetchedAt },
    owners: ownersByTags(record, config),
    domain: tagValue(record.tags, config.tags.domain),
    link: { method: 'DECLARED', confidence: 1, evidence: `it is registered in ${source}` },
  }
}

/** `ModelClaim`. */
export const modelClaimResolvers: ModelClaimResolvers = {
  sourceId: ({ source }) => source,
  provenance: ({ from, fetchedAt }) => provenanceOf(from.source, from.index.age(fetchedAt)),
}
