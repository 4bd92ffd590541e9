import type { Config } from '#lib/config/schema.ts'
import { momentOf } from '#lib/moment.ts'
import type { Order } from '#lib/page.ts'
import { descriptionOf, disagreementsOf, domainOf, ownersOf } from './claims.ts'
import type { ModelEntry } from './registry-index.ts'
import type { ModelFilter, ModelOrder } from './schema.generated.ts'

type Condition = (model: ModelEntry) => boolean

/**
 * The models for which every part of a filter that is given holds. Of thousands, so one part after the other, and only
 * those that are given. Throws a GraphQLError on a moment that is none.
 */
export function filterModels(models: readonly ModelEntry[], where: ModelFilter, config: Config): readonly ModelEntry[] {
  const conditions = [
    given(where.name, (name) => (model) => model.record.name === name),
    given(where.source, (source) => (model) => model.source === source),
    given(where.domain, (domain) => (model) => domainOf(model, config) === domain),
    given(where.hasChampion, (wanted) => (model) => wanted === (model.champion !== null)),
    given(where.owner, (name) => (model) => ownersOf(model, config)?.some((owner) => owner.name === name) ?? false),
    given(where.hasOwner, (wanted) => (model) => wanted === (ownersOf(model, config) !== null)),
    given(where.disputed, (wanted) => (model) => wanted === disagreementsOf(model, config).length > 0),
    given(
      where.tag,
      ({ key, value: wanted }) =>
        (model) =>
          model.record.tags.some((tag) => tag.key === key && (wanted == null || tag.value === wanted)),
    ),
    given(where.updatedAfter, (text) => {
      const after = momentOf('updatedAfter', text)
      return ({ record: { updatedAt } }) => updatedAt !== null && updatedAt > after
    }),
    given(where.search, (text) => {
      const search = text.toLowerCase()
      return (model) => texts(model).some((one) => one.toLowerCase().includes(search))
    }),
  ].flat()
  return conditions.reduce((left, holds) => left.filter(holds), models)
}

function given<T>(wanted: T | null | undefined, condition: (wanted: T) => Condition): Condition[] {
  return wanted == null ? [] : [condition(wanted)]
}

function texts(model: ModelEntry): string[] {
  const { name, tags } = model.record
  return [name, descriptionOf(model) ?? '', ...tags.flatMap(({ key, value }) => [key, value ?? ''])]
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
