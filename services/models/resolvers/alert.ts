import { visibleOf } from '#lib/visible.ts'
import { alertedModels } from '../alerted.ts'
import type { Registries } from '../registries.ts'
import type { AlertResolvers } from '../schema.generated.ts'

/** `Alert.models`: the registry side knows the models that labels name. */
export function alertResolvers(registries: Registries): AlertResolvers {
  return {
    async models({ named }, _, context) {
      if (!named) return { nodes: [], incomplete: [] }
      const { indexes, incomplete } = await registries.indexes(context)
      const asked = incomplete.filter(({ source }) => named.registry == null || named.registry === source)
      const { nodes, unmatched } = alertedModels(indexes, named)
      const { seen, incomplete: hidden } = visibleOf(context.caller, nodes)
      return { nodes: seen, incomplete: [...asked, ...(asked.length === 0 ? unmatched : []), ...hidden] }
    },
  }
}
