import { randomUUID } from 'node:crypto'
import type { Reply, StandInRequest } from '../../stand-in.ts'
import type { ServedModel } from '../repository.ts'
import { json } from '../starlette.ts'
import { missing, unprocessable, withObject } from './body.ts'
import { find } from './registry.ts'
import { notFound } from './replies.ts'

/** The fixed answer of the model, under the request's id or a new one, with the CloudEvents headers MLServer adds. */
export function infer(
  models: readonly ServedModel[],
  name: string,
  version: string | undefined,
  request: StandInRequest,
): Reply {
  return withObject(request, (input) => {
    if (input.inputs === undefined) return unprocessable(missing(['body', 'inputs'], input))
    const model = find(models, name, version)
    if (!model) return notFound(name, version)
    if (model.state !== 'ready') return json(400, { error: `Model ${described(name, version)} is not ready yet.` })
    const id = typeof input.id === 'string' ? input.id : randomUUID()
    const { version: model_version, parameters, answer = [] } = model.spec
    // The MLflow runtime answers in numpy's content type whatever its metadata says.
    const codec = parameters?.content_type === undefined ? {} : { content_type: 'np' }
    return json(200, { model_name: name, model_version, id, parameters: codec, outputs: answer }, cloudEvent(name, id))
  })
}

function described(name: string, version: string | undefined): string {
  return version === undefined ? name : `${name} with version ${version}`
}

function cloudEvent(name: string, id: string): Record<string, string> {
  return {
    'ce-specversion': '0.3',
    'ce-source': 'io.seldon.serving.deployment.mlserver',
    'ce-type': 'io.seldon.serving.inference.response',
    'ce-modelid': name,
    'ce-inferenceservicename': 'mlserver',
    'ce-endpoint': name,
    'ce-id': id,
    'ce-requestid': id,
  }
}
