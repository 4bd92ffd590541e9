import type { Capabilities } from '#lib/adapter.ts'
import type { About } from './about.ts'
import type { Model } from './models.ts'

/** What can be read of a server, and what cannot and why. `names`: the models that the configuration wants read. */
export function capabilities(
  { metadata, index, readyStatus, triton, mlserver }: About,
  models: readonly Model[] | null,
  names: readonly string[] | undefined,
): Omit<Capabilities, 'version'> {
  const can: string[] = []
  const cannot: string[] = []
  const tell = (possible: boolean, what: string, why: string) => {
    if (possible) can.push(what)
    else cannot.push(`${what}: ${why}`)
  }
  tell(metadata !== null, 'name and version of the server', 'it does not tell (GET /v2)')
  tell(readyStatus !== 403, 'readiness', 'the server restricts who may ask (status 403)')
  const list = `the server lists no models (POST /v2/repository/index: status ${index.status})`
  tell(index.value !== null, 'all models and their states', `${list}; name those to read under "models"`)
  if (models)
    can.push(`tensors of ${models.filter(({ loadState }) => loadState === 'READY').length} models that are ready`)
  if (mlserver) cannot.push('why a model is not loaded: MLServer does not tell')
  if (triton) cannot.push('the artifact of each version: the configuration of a model is one for all its versions')
  const missing = (names ?? []).filter((name) => !models?.some((model) => model.name === name))
  for (const name of missing) cannot.push(`${name}: named under "models", and the server lists no such model`)
  return { can, cannot }
}
