import type { Reply } from '../../stand-in.ts'
import type { ServedModel } from '../repository.ts'
import { find, isReady, isRefusal, known } from './lookup.ts'
import { config, metadata, SERVER } from './metadata.ts'
import { health, json, jsonError, textError } from './replies.ts'
import { serverReady } from './repository.ts'
import type { Route } from './route.ts'

/** Liveness and readiness, of the server and of each model. */
export function healthRoutes(models: readonly ServedModel[]): Route[] {
  const common = { api: 'health', method: 'GET', error: textError } as const
  return [
    { ...common, path: /^\/v2\/health\/live$/, answer: () => health(true) },
    { ...common, path: /^\/v2\/health\/ready$/, answer: () => health(serverReady(models)) },
    {
      ...common,
      path: /^\/v2\/models\/([^/]+)(?:\/versions\/([0-9]+))?\/ready$/,
      answer: ([, name = '', version]) => {
        const found = find(models, name, version)
        if (!isRefusal(found)) return health(true)
        // Unknown, failed and not yet ready are one and the same here.
        return textError(400, found.status === 400 ? found.error : 'Model version not ready')
      },
    },
  ]
}

/** Metadata, configuration and infer. */
export function modelRoutes(models: readonly ServedModel[]): Route[] {
  const answer = (reply: (found: ServedModel, version?: string) => Reply, error: Route['error']): Route['answer'] => {
    return ([, name = '', version]) => {
      const found = find(models, name, version)
      return isRefusal(found) ? error(found.status, found.error) : reply(found, version)
    }
  }
  const ready = (name: string) =>
    known(models, name)
      .filter(isReady)
      .map(({ spec }) => spec.version)
  return [
    { api: 'metadata', method: 'GET', error: jsonError, path: /^\/v2$/, answer: () => json(200, SERVER) },
    {
      api: 'metadata',
      method: 'GET',
      error: jsonError,
      path: /^\/v2\/models\/([^/]+)(?:\/versions\/([0-9]+))?$/,
      answer: answer((found, version) => {
        return json(200, metadata(found, version === undefined ? ready(found.spec.name) : [found.spec.version]))
      }, jsonError),
    },
    {
      api: 'model-config',
      method: 'GET',
      error: jsonError,
      path: /^\/v2\/models\/([^/]+)(?:\/versions\/([0-9]+))?\/config$/,
      answer: answer((found) => json(200, config(found)), jsonError),
    },
    {
      api: 'inference',
      method: 'POST',
      error: textError,
      path: /^\/v2\/models\/([^/]+)(?:\/versions\/([0-9]+))?\/infer$/,
      answer: answer(({ spec: { name, version, answer: outputs = [] } }) => {
        return json(200, { model_name: name, model_version: version, outputs })
      }, textError),
    },
  ]
}
