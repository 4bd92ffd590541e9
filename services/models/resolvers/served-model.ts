import type { Declared } from '#lib/matching.ts'
import { visibleOf } from '#lib/visible.ts'
import { byEvidence, originsOf } from '../origins.ts'
import type { Registries } from '../registries.ts'
import type { DeclaredIdentity, ServedModelResolvers } from '../schema.generated.ts'

/** `ServedModel.origins`: the registry side knows the versions, so it finds the one that is served. */
export function servedModelResolvers(registries: Registries): ServedModelResolvers {
  return {
    async origins({ name, version, declared }, _, context) {
      const served = { name, version: version ?? null, declared: declared ? declaredOf(declared) : null }
      const { indexes, incomplete } = await registries.indexes(context)
      const found = indexes.map((index) => originsOf(index, served))
      const { seen, incomplete: hidden } = visibleOf(
        context.caller,
        found.flatMap(({ origins }) => origins.map((origin) => ({ ...origin, source: origin.modelVersion.source }))),
      )
      const asked = incomplete.filter(
        ({ source }) => served.declared?.registry == null || served.declared.registry === source,
      )
      const unmatched = found.flatMap((one) => one.unmatched)
      return { nodes: seen.toSorted(byEvidence), incomplete: [...asked, ...unmatched, ...hidden] }
    },
  }
}

function declaredOf(declared: DeclaredIdentity): Declared {
  const { registry, modelName, modelVersion, runId, loggedModelId, artifactUri, link } = declared
  return {
    registry: registry ?? null,
    modelName: modelName ?? null,
    modelVersion: modelVersion ?? null,
    runId: runId ?? null,
    loggedModelId: loggedModelId ?? null,
    artifactUri: artifactUri ?? null,
    link,
  }
}
