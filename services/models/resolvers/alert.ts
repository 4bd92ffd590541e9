import { hiddenFrom } from '#lib/access.ts'
import { alertedModels } from '../alerted.ts'
import type { Registries } from '../registries.ts'
import type { AlertResolvers, NamedModel } from '../schema.generated.ts'
import type { IndexView } from '../view.ts'

/** `Alert.models`: the registry side knows the models that labels name. */
export function alertResolvers(registries: Registries): AlertResolvers {
  return {
    async models({ named }, _, context) {
      if (!named) return { nodes: [], incomplete: [] }
      const { views, incomplete } = await registries.indexes(context)
      const asked = incomplete.filter(({ source }) => named.registry == null || named.registry === source)
      const seen = views.map(({ seen: index }) => index)
      const { nodes, unmatched } = alertedModels(seen, named)
      const hidden = views.flatMap((view) => hiddenFrom(view.registry.id, hiddenModels(view, named)))
      const unknown = asked.length === 0 && hidden.length === 0 ? unmatched : []
      return { nodes, incomplete: [...asked, ...unknown, ...hidden] }
    },
  }
}

/** How many models the labels name that the caller may not see. */
function hiddenModels({ seen, whole }: IndexView, named: NamedModel): number {
  if (seen === whole) return 0
  return alertedModels([whole], named).nodes.length - alertedModels([seen], named).nodes.length
}
