import { parse } from 'yaml'
import type { TensorSpec } from '#lib/common.generated.ts'
import type { ArtifactRecord } from '../port.ts'
import { mlmodelFile, signatureSide } from './wire.ts'

/** MLflow's column types (mlflow/types/schema.py) in the vocabulary of the Open Inference Protocol. */
const COLUMN_TYPES: Readonly<Record<string, string>> = {
  boolean: 'BOOL',
  integer: 'INT32',
  long: 'INT64',
  float: 'FP32',
  double: 'FP64',
  string: 'BYTES',
  binary: 'BYTES',
}

/** Numpy's types, as tensors of a signature name them. */
const TENSOR_TYPES: Readonly<Record<string, string>> = {
  bool: 'BOOL',
  ...{ uint8: 'UINT8', uint16: 'UINT16', uint32: 'UINT32', uint64: 'UINT64' },
  ...{ int8: 'INT8', int16: 'INT16', int32: 'INT32', int64: 'INT64' },
  ...{ float16: 'FP16', float32: 'FP32', float64: 'FP64' },
  ...{ str: 'BYTES', bytes: 'BYTES', object: 'BYTES' },
}

/** Reads the MLmodel file of a version; null: it is no such file. */
export function readMlmodel(text: string): ArtifactRecord | null {
  const { data } = mlmodelFile.safeParse(parseYaml(text))
  if (!data) return null
  return {
    flavors: Object.keys(data.flavors).sort(),
    inputs: readSide(data.signature?.inputs),
    outputs: readSide(data.signature?.outputs),
  }
}

function parseYaml(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 100 })
  } catch {
    return undefined
  }
}

function readSide(text: string | null | undefined): TensorSpec[] | null {
  if (text === null || text === undefined) return null
  const { data } = signatureSide.safeParse(parseYaml(text))
  return (
    data?.map(({ type, name, required, 'tensor-spec': tensor }) => ({
      name: name ?? null,
      dataType: tensor ? (TENSOR_TYPES[tensor.dtype] ?? tensor.dtype) : columnType(type),
      shape: tensor?.shape ?? null,
      optional: required === undefined ? null : !required,
    })) ?? null
  )
}

/** Arrays, objects and maps have a type that is no text: they are named by their kind. */
function columnType(type: unknown): string {
  return typeof type === 'string' ? (COLUMN_TYPES[type] ?? type) : 'object'
}
