import type { z } from 'zod'
import type { TensorSpec } from '#lib/common.generated.ts'
import { type Told, UNTOLD } from '../identity.ts'
import type { About } from './about.ts'
import { modelPath } from './addresses.ts'
import { askOptional, type Server } from './ask.ts'
import type { Model } from './models.ts'
import { toldBy } from './told.ts'
import { modelConfig, modelMetadata } from './wire.ts'

/** What a server tells of a model that is ready. */
interface Details {
  readonly platform: string | null
  readonly inputs: readonly TensorSpec[] | null
  readonly outputs: readonly TensorSpec[] | null
  readonly told: Told
}

/** A server that tells nothing of a model, or cannot be asked about it. */
const NOTHING: Details = { platform: null, inputs: null, outputs: null, told: UNTOLD }

/** Models that are asked about at a time: the client queues requests beyond its slots, and its queue has an end. */
const AT_A_TIME = 50

/**
 * Adds the details of every model that is ready. They are asked for anew each time, since a model that is loaded again
 * under its version keeps its state: what was declared before would be said of an artifact that is gone.
 */
export async function withDetails(
  server: Server,
  about: About,
  models: readonly Model[],
): Promise<readonly (Model & Details)[]> {
  const ofNames = new Map<string, Promise<Details>>()
  const read = async (model: Model): Promise<Model & Details> => {
    if (model.loadState !== 'READY') return { ...model, ...NOTHING }
    if (!about.triton) return { ...model, ...(await ofModel(server, about, model)) }
    const reading = ofNames.get(model.name) ?? ofTritonName(server, about, model.name)
    ofNames.set(model.name, reading)
    const details = await reading
    // Triton has one configuration for all versions of a name: what is true of one version can be told for one only.
    const alone = models.filter(({ name }) => name === model.name).length === 1
    return { ...model, ...details, told: alone ? details.told : { ...UNTOLD, modelName: details.told.modelName } }
  }
  const detailed: (Model & Details)[] = []
  for (let start = 0; start < models.length; start += AT_A_TIME) {
    detailed.push(...(await Promise.all(models.slice(start, start + AT_A_TIME).map(read))))
  }
  return detailed
}

async function ofModel(server: Server, about: About, model: Model): Promise<Details> {
  const path = modelPath(model, about)
  const metadata = path === undefined ? null : await askOptional(server, path, modelMetadata)
  return metadata ? { ...tensorsOf(metadata), told: toldBy(metadata.parameters, metadata.platform) } : NOTHING
}

async function ofTritonName(server: Server, about: About, name: string): Promise<Details> {
  const path = modelPath({ name, version: null }, about)
  if (path === undefined) return NOTHING
  const [metadata, config] = await Promise.all([
    askOptional(server, path, modelMetadata),
    askOptional(server, `${path}/config`, modelConfig),
  ])
  const optionals = new Map(config?.input.map((input) => [input.name, input.optional]))
  return {
    ...(metadata ? tensorsOf(metadata, optionals) : NOTHING),
    told: toldBy(config?.parameters ?? null, null),
  }
}

function tensorsOf(
  { platform, inputs, outputs }: z.output<typeof modelMetadata>,
  optionals: ReadonlyMap<string, boolean> = new Map(),
): Omit<Details, 'told'> {
  return { platform, inputs: specs(inputs, optionals), outputs: specs(outputs) }
}

/** MLServer lists none where nobody wrote any: no model takes or answers nothing. */
function specs(
  tensors: z.output<typeof modelMetadata>['inputs'],
  optionals: ReadonlyMap<string, boolean> = new Map(),
): TensorSpec[] | null {
  if (!tensors || tensors.length === 0) return null
  return tensors.map(({ name, datatype, shape }) => {
    return { name, dataType: datatype, shape, optional: optionals.get(name ?? '') ?? null }
  })
}
