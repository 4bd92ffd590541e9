import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ServedModel, ServedTensor } from './served-model.ts'

/**
 * A model for Triton: versions are numbers, and parameters belong to the model, not to one version. Of several versions
 * it loads all, or only the highest.
 */
export type TritonModel = ServedModel & { versions: [number, ...number[]]; loads?: 'all' | 'highest' }

/** Writes a model into a Triton repository. `release` is the file a model in state 'loading' waits for. */
export async function writeTritonModel(repository: string, model: TritonModel, release: string): Promise<void> {
  const folder = join(repository, model.name)
  for (const version of model.versions) {
    const place = join(folder, String(version))
    await mkdir(place, { recursive: true })
    await copyFile(join(import.meta.dirname, 'triton-models/model.py'), join(place, 'model.py'))
    await writeFile(
      join(place, 'load.json'),
      JSON.stringify({
        ...(model.state === 'loading' ? { wait_for_file: release } : {}),
        ...(model.state === 'failed' ? { missing_file: join(place, 'weights.bin') } : {}),
      }),
    )
  }
  await writeFile(join(folder, 'config.pbtxt'), configOf(model))
}

const anyTensor: ServedTensor = { name: 'value', datatype: 'FP32', shape: [-1] }

/** Triton's configuration in protobuf text format, whose strings are quoted like JSON's. */
function configOf(model: TritonModel): string {
  const { name, loads = 'all', parameters = {}, inputs = [anyTensor], outputs = [anyTensor] } = model
  const text = (value: string) => JSON.stringify(value)
  return [
    `name: ${text(name)}`,
    'backend: "python"',
    `version_policy { ${loads === 'all' ? 'all {}' : 'latest { num_versions: 1 }'} }`,
    'instance_group [{ kind: KIND_CPU, count: 1 }]',
    ...inputs.map((tensor) => `input [${tensorOf(tensor)}]`),
    ...outputs.map((tensor) => `output [${tensorOf(tensor)}]`),
    ...Object.entries(parameters).map(
      ([key, value]) => `parameters { key: ${text(key)}, value: { string_value: ${text(value)} } }`,
    ),
    '',
  ].join('\n')
}

function tensorOf({ name, datatype, shape }: ServedTensor): string {
  // The protocol's BYTES is called STRING in Triton's configuration.
  const type = datatype === 'BYTES' ? 'STRING' : datatype
  return `{ name: ${JSON.stringify(name)}, data_type: TYPE_${type}, dims: [${shape.join(', ')}] }`
}
