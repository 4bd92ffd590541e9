import type { Incomplete, Link } from '#lib/common.generated.ts'
import { type Order, sorted } from '#lib/page.ts'
import type { ModelEntry, RegistryIndex, VersionEntry } from './registry-index.ts'
import type { NamedModel } from './schema.generated.ts'

/** A registered model that an alert is about. */
export interface AlertedModelRecord {
  /** Id of the source. */
  readonly source: string
  readonly model: ModelEntry
  readonly modelVersion: VersionEntry | null
  readonly link: Link
}

const byId: Order<AlertedModelRecord> = { name: 'ID', keys: ({ model }) => [model.id] }

/** The registered models that labels name, in every registry that is or may be meant, and the names that none knows. */
export function alertedModels(
  indexes: readonly RegistryIndex[],
  { registry, modelName, modelVersion, link }: NamedModel,
): { nodes: readonly AlertedModelRecord[]; unmatched: readonly Incomplete[] } {
  const found = indexes.flatMap(({ modelByName }) => modelByName.get(modelName) ?? [])
  const nodes = found
    .filter(({ source }) => registry == null || source === registry)
    .map((model) => {
      const version = model.versions.find(({ record }) => record.version === modelVersion) ?? null
      return { source: model.source, model, modelVersion: version, link }
    })
  return { nodes: sorted(nodes, byId), unmatched: nodes.length === 0 ? [unknown(registry ?? null, modelName)] : [] }
}

function unknown(source: string | null, name: string): Incomplete {
  const nobody = source === null ? 'no registry knows' : `${source} does not know`
  const message = `The labels name the model ${name}, which ${nobody}: correct the label, or say in the configuration which one it is.`
  return { source, reason: 'UNMATCHED', message, count: null }
}
