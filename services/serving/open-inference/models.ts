import { UpstreamError } from '#lib/upstream/error.ts'
import type { LoadState } from '../schema.generated.ts'
import type { About } from './about.ts'
import { modelPath } from './addresses.ts'
import { askOptional, askReady, type Server } from './ask.ts'
import { loadStateOf, loadStateOfReady } from './states.ts'
import { modelMetadata } from './wire.ts'

/** A version of a model and where it is in its life. */
export interface Model {
  readonly name: string
  readonly version: string | null
  readonly loadState: LoadState
}

/** What a server has; null: it does not tell. `names`: only these. */
export async function readModels(
  server: Server,
  about: About,
  names: readonly string[] | undefined,
): Promise<readonly Model[] | null> {
  const { value: index } = about.index
  if (!index) return names ? (await Promise.all(names.map((name) => askedByName(server, about, name)))).flat() : null
  const listed = index.filter(({ name }) => names?.includes(name) ?? true)
  return Promise.all(
    listed.map(async (entry) => {
      const { name, version } = entry
      const alone = about.triton || listed.filter((other) => other.name === name).length === 1
      // MLServer's index repeats the state of one version for all of a name.
      const loadState = alone ? loadStateOf(entry, about) : await askedState(server, about, { name, version })
      return { name, version, loadState }
    }),
  )
}

/** Without an index: by name. Triton lists the versions that are ready in the metadata. */
async function askedByName(server: Server, about: About, name: string): Promise<Model[]> {
  const model = { name, version: null }
  const loadState = await askedState(server, about, model)
  const path = modelPath(model, about)
  if (!about.triton || loadState !== 'READY' || path === undefined) return [{ ...model, loadState }]
  const metadata = await askOptional(server, path, modelMetadata)
  return (metadata?.versions ?? [null]).map((version) => ({ name, version, loadState }))
}

/** By its readiness; what fails for one model is not told of it, and no failure of the source. */
async function askedState(server: Server, about: About, model: Omit<Model, 'loadState'>): Promise<LoadState> {
  const path = modelPath(model, about)
  if (path === undefined) return 'UNKNOWN'
  try {
    return loadStateOfReady(await askReady(server, path), about)
  } catch (error) {
    if (error instanceof UpstreamError) return 'UNKNOWN'
    throw error
  }
}
