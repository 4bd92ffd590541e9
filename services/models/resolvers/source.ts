import type { Registries } from '../registries.ts'
import type { RegistrySourceResolvers } from '../schema.generated.ts'

/** `RegistrySource`: this subgraph alone knows how its tools answered. */
export function registrySourceResolvers(registries: Registries): RegistrySourceResolvers {
  return {
    __resolveReference: ({ id }) => registries.byId(id)?.source ?? null,
    status: ({ id }) => registries.byId(id)?.connected.state.status() ?? null,
  }
}
