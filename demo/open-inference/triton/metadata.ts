import type { ServedModel } from '../repository.ts'
import type { Tensor } from '../spec.ts'

export const SERVER = {
  name: 'triton',
  version: '2.51.0',
  extensions: [
    'classification',
    'sequence',
    'model_repository',
    'model_repository(unload_dependents)',
    'schedule_policy',
    'model_configuration',
    'system_shared_memory',
    'cuda_shared_memory',
    'binary_tensor_data',
    'parameters',
    'statistics',
    'trace',
    'logging',
  ],
}

/** `/v2/models/{name}` with the versions that are ready, or the one that was asked for. */
export function metadata({ spec: { name, inputs = [], outputs = [] } }: ServedModel, versions: unknown[]): object {
  return { name, versions, platform: 'python', inputs: inputs.map(tensor), outputs: outputs.map(tensor) }
}

/** `/v2/models/{name}/config`: one for all versions, written out with Triton's defaults for a Python model on a CPU. */
export function config({ spec }: ServedModel): object {
  const { name, inputs = [], outputs = [], maxBatchSize = 0, configParameters = {} } = spec
  const io = ({ name, datatype, shape }: Tensor) => ({
    name,
    data_type: `TYPE_${datatype === 'BYTES' ? 'STRING' : datatype}`,
    dims: maxBatchSize > 0 ? shape.slice(1) : shape,
    is_shape_tensor: false,
    is_non_linear_format_io: false,
  })
  return {
    name,
    platform: '',
    backend: 'python',
    runtime: '',
    version_policy: { all: {} },
    max_batch_size: maxBatchSize,
    input: inputs.map((input) => ({ ...io(input), ...INPUT_DEFAULTS })),
    output: outputs.map((output) => ({ ...io(output), label_filename: '' })),
    batch_input: [],
    batch_output: [],
    optimization: {
      priority: 'PRIORITY_DEFAULT',
      input_pinned_memory: { enable: true },
      output_pinned_memory: { enable: true },
      gather_kernel_buffer_threshold: 0,
      eager_batching: false,
    },
    instance_group: [{ name: `${name}_0`, ...INSTANCE_DEFAULTS }],
    default_model_filename: 'model.py',
    cc_model_filenames: {},
    metric_tags: {},
    parameters: Object.fromEntries(Object.entries(configParameters).map(([key, v]) => [key, { string_value: v }])),
    model_warmup: [],
  }
}

const INPUT_DEFAULTS = { format: 'FORMAT_NONE', allow_ragged_batch: false, optional: false }

const INSTANCE_DEFAULTS = {
  kind: 'KIND_CPU',
  count: 1,
  gpus: [],
  secondary_devices: [],
  profile: [],
  passive: false,
  host_policy: '',
}

function tensor({ name, datatype, shape }: Tensor): Tensor {
  return { name, datatype, shape }
}
