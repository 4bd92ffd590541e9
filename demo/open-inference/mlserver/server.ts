import type { Handler, Reply, StandInRequest } from '../../stand-in.ts'
import type { ServedModel } from '../repository.ts'
import { json, type Route, starlette } from '../starlette.ts'
import { unprocessable, withObject } from './body.ts'
import { infer } from './infer.ts'
import { find, indexState, load, registered, unload } from './registry.ts'
import { compressing, empty, loadFailed, notFound } from './replies.ts'

export interface MlflowRoutes {
  /** MLflow's own version, answered as a JSON string where the scoring server answers plain text. */
  version: string
  /** Answered to every `/invocations`. */
  predictions: readonly unknown[]
}

/** MLServer 1.7.1 in one process (`parallel_workers: 0`), `debug` left on. */
export function mlserver(models: readonly ServedModel[], mlflow?: MlflowRoutes): Handler {
  return compressing(starlette([...openInference(models), ...repository(models), ...(mlflow ? scoring(mlflow) : [])]))
}

function openInference(models: readonly ServedModel[]): Route[] {
  return [
    { method: 'GET', path: /^\/v2$/, answer: () => json(200, { name: 'mlserver', version: '1.7.1', extensions: [] }) },
    { method: 'GET', path: /^\/v2\/health\/live$/, answer: () => empty(200) },
    {
      method: 'GET',
      path: /^\/v2\/health\/ready$/,
      answer: () => empty(registered(models).every(({ state }) => state === 'ready') ? 200 : 400),
    },
    {
      method: 'GET',
      path: /^\/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?\/ready$/,
      answer: ([, name = '', version]) => {
        const model = find(models, name, version)
        return model ? empty(model.state === 'ready' ? 200 : 400) : notFound(name, version)
      },
    },
    {
      method: 'POST',
      path: /^\/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?\/infer$/,
      answer: ([, name = '', version], request) => infer(models, name, version, request),
    },
    {
      method: 'GET',
      path: /^\/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?$/,
      answer: ([, name = '', version]) => {
        const model = find(models, name, version)
        return model ? json(200, metadata(model)) : notFound(name, version)
      },
    },
  ]
}

function repository(models: readonly ServedModel[]): Route[] {
  return [
    { method: 'POST', path: /^\/v2\/repository\/index$/, answer: (_, request) => index(models, request) },
    {
      method: 'POST',
      path: /^\/v2\/repository\/models\/([^/]+)\/load$/,
      answer: ([, name = '']) => {
        if (!models.some(({ spec }) => spec.name === name)) return notFound(name)
        const failure = load(models, name)
        return failure === undefined ? empty(200) : loadFailed(failure)
      },
    },
    {
      method: 'POST',
      path: /^\/v2\/repository\/models\/([^/]+)\/unload$/,
      answer: ([, name = '']) => (unload(models, name) ? empty(200) : notFound(name)),
    },
  ]
}

function index(models: readonly ServedModel[], request: StandInRequest): Reply {
  return withObject(request, ({ ready = null }) => {
    if (ready !== null && typeof ready !== 'boolean') {
      const msg = 'Input should be a valid boolean, unable to interpret input'
      return unprocessable({ type: 'bool_parsing', loc: ['body', 'ready'], msg, input: ready })
    }
    const items = models.map(({ spec: { name, version } }) => {
      return { name, version, state: indexState(models, name), reason: '' }
    })
    return json(200, ready ? items.filter(({ state }) => state === 'READY') : items)
  })
}

function metadata({ spec }: ServedModel): object {
  const { name, versions = [], platform = '', inputs = [], outputs = [], parameters = {} } = spec
  return { name, versions, platform, inputs, outputs, parameters }
}

function scoring({ version, predictions }: MlflowRoutes): Route[] {
  return [
    { method: 'GET', path: /^\/(?:ping|health)$/, answer: () => json(200, '\n') },
    { method: 'GET', path: /^\/version$/, answer: () => json(200, version) },
    {
      method: 'POST',
      path: /^\/invocations$/,
      // Written by Python's json, with a space where MLServer's own answers have none.
      answer: () => ({ ...json(200, {}), body: `{"predictions": ${JSON.stringify(predictions)}}` }),
    },
  ]
}
