import type { Config } from '#lib/config/schema.ts'
import { momentOf } from '#lib/moment.ts'
import type { Order } from '#lib/page.ts'
import { descriptionOf, disagreementsOf, domainOf, ownersOf } from './claims.ts'
import type { ModelEntry } from './registry-index.ts'
import type { ModelFilter, ModelOrder } from './schema.generated.ts'

/** What a filter asks of a model: every part that is given must hold. Throws a GraphQLError on a moment that is none. */
export function modelFilter(where: ModelFilter, config: Config): (model: ModelEntry) => boolean {
  const search = where.search?.toLowerCase()
  const updatedAfter = where.updatedAfter == null ? undefined : momentOf('updatedAfter', where.updatedAfter)
  return (model) => {
    const { source, record, champion } = model
    const { name, tags, updatedAt } = record
    return (
      fits(where.name, name) &&
      fits(where.source, source) &&
      (where.domain == null || where.domain === domainOf(model, config)) &&
      fits(where.hasChampion, champion !== null) &&
      (where.owner == null || (ownersOf(model, config)?.some((owner) => owner.name === where.owner) ?? false)) &&
      (where.hasOwner == null || where.hasOwner === (ownersOf(model, config) !== null)) &&
      (where.disputed == null || where.disputed === disagreementsOf(model, config).length > 0) &&
      (where.tag == null ||
        tags.some(({ key, value }) => key === where.tag?.key && fits(where.tag.value, value ?? null))) &&
      (updatedAfter === undefined || (updatedAt !== null && updatedAt > updatedAfter)) &&
      (search === undefined ||
        texts(name, descriptionOf(model), tags).some((text) => text.toLowerCase().includes(search)))
    )
  }
}

const fits = <T>(wanted: T | null | undefined, found: T | null): boolean => wanted == null || wanted === found

function texts(name: string, description: string | null, tags: ModelEntry['record']['tags']): string[] {
  return [name, description ?? '', ...tags.flatMap(({ key, value }) => [key, value ?? ''])]
}

/** Newest first, as a number that grows; null, and so last, where no time is known. */
const newest = (time: number | null): number | null => (time === null ? null : -time)

/** The orders of models; the id comes last and makes every key unique. */
export const modelOrders: Readonly<Record<ModelOrder, Order<ModelEntry>>> = {
  NAME: { name: 'NAME', keys: ({ record, id }) => [record.name, id] },
  UPDATED_DESC: { name: 'UPDATED_DESC', keys: ({ record, id }) => [newest(record.updatedAt), record.name, id] },
  CREATED_DESC: { name: 'CREATED_DESC', keys: ({ record, id }) => [newest(record.createdAt), record.name, id] },
}

/** Whether a filter asks for something that catalogs say, so that one that is silent can take models away from the answer. */
export function asksOfCatalogs({ search, owner, hasOwner, domain, disputed }: ModelFilter): boolean {
  return [search, owner, hasOwner, domain, disputed].some((part) => part != null)
}
