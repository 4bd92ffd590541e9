import { hiddenFrom } from '#lib/access.ts'
import type { Declared, ServedIdentity } from '#lib/matching.ts'
import { byEvidence, originsOf } from '../origins.ts'
import type { Registries } from '../registries.ts'
import type { DeclaredIdentity, ServedModelResolvers } from '../schema.generated.ts'
import type { IndexView } from '../view.ts'

/** `ServedModel.origins`: the registry side knows the versions, so it finds the one that is served. */
export function servedModelResolvers(registries: Registries): ServedModelResolvers {
  return {
    async origins({ name, version, declared }, _, context) {
      const served = { name, version: version ?? null, declared: declared ? declaredOf(declared) : null }
      const { views, incomplete } = await registries.indexes(context)
      const found = views.map((view) => originsSeen(view, served))
      const asked = incomplete.filter(
        ({ source }) => served.declared?.registry == null || served.declared.registry === source,
      )
      const nodes = found.flatMap(({ origins }) => origins).toSorted(byEvidence)
      return { nodes, incomplete: [...asked, ...found.flatMap(({ missing }) => missing)] }
    },
  }
}

/** What is hidden is counted, so that what is served does not look like something that no registry knows. */
function originsSeen({ registry, seen, whole }: IndexView, served: ServedIdentity) {
  const { origins, unmatched } = originsOf(seen, served)
  if (seen === whole) return { origins, missing: unmatched }
  const all = originsOf(whole, served)
  const hidden = all.origins.length + all.unmatched.length - origins.length - unmatched.length
  return { origins, missing: [...unmatched, ...hiddenFrom(registry.id, hidden)] }
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
