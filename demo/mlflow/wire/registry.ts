import type { ModelVersion, RegisteredModel } from '../store.ts'
import { listField, pairsField } from './pairs.ts'

/** How a search orders the latest versions of a model: MLflow 3 by stage, all else as the stages first appeared. */
export type LatestOrder = 'by stage' | 'by appearance'

/** A registered model as MLflow sends it. An empty description is omitted, here and nowhere else. */
export function showModel(model: RegisteredModel, order: LatestOrder = 'by appearance'): object {
  return {
    name: model.name,
    creation_timestamp: model.createdAt,
    last_updated_timestamp: model.updatedAt,
    ...(model.description === '' ? {} : { description: model.description }),
    ...listField('latest_versions', latestVersions(model, order).map(showVersion)),
    ...pairsField('tags', model.tags),
    ...listField(
      'aliases',
      sortedAliases(model).map(([alias, version]) => ({ alias, version: String(version) })),
    ),
  }
}

/** A version as lists send it, which is without its aliases. */
export function showVersion(version: ModelVersion): object {
  return {
    name: version.name,
    version: String(version.version),
    creation_timestamp: version.createdAt,
    last_updated_timestamp: version.updatedAt,
    current_stage: version.stage,
    description: version.description,
    source: version.source,
    run_id: version.runId,
    status: version.status,
    ...pairsField('tags', version.tags),
    run_link: version.runLink,
  }
}

/** A version as it is sent alone, with its aliases. */
export function showVersionOf(model: RegisteredModel, version: ModelVersion): object {
  const aliases = sortedAliases(model).filter(([, number]) => number === version.version)
  return {
    ...showVersion(version),
    ...listField(
      'aliases',
      aliases.map(([alias]) => alias),
    ),
  }
}

/** The newest version of each stage, failed and pending ones among them. */
export function latestVersions({ versions }: RegisteredModel, order: LatestOrder): readonly ModelVersion[] {
  const latest = [...new Map(versions.map((version) => [version.stage, version])).values()]
  return order === 'by stage' ? latest.sort((a, b) => (a.stage < b.stage ? -1 : 1)) : latest
}

function sortedAliases({ aliases }: RegisteredModel): readonly (readonly [string, number])[] {
  return [...aliases].sort(([a], [b]) => (a < b ? -1 : 1))
}
