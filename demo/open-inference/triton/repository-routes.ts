import type { Reply } from '../../stand-in.ts'
import type { ServedModel } from '../repository.ts'
import { json, jsonError } from './replies.ts'
import { index, load, unload } from './repository.ts'
import type { Route } from './route.ts'

/** The model repository extension. With the control mode `none`, load and unload are refused. */
export function repositoryRoutes(models: readonly ServedModel[], controlMode: 'explicit' | 'none'): Route[] {
  const common = { api: 'model-repository', method: 'POST', error: jsonError } as const
  const controlled = (change: (name: string) => Reply): Route['answer'] => {
    return ([, name = '']) => {
      const refusal = 'explicit model load / unload is not allowed if polling is enabled'
      return controlMode === 'none' ? jsonError(503, refusal) : change(name)
    }
  }
  return [
    { ...common, path: /^\/v2\/repository\/index$/, answer: (_, { body }) => answerIndex(models, body) },
    {
      ...common,
      path: /^\/v2\/repository\/models\/([^/]+)\/load$/,
      answer: controlled((name) => {
        if (!models.some(({ spec }) => spec.name === name)) {
          return jsonError(500, `failed to load '${name}', failed to poll from model repository`)
        }
        const failure = load(models, name)
        return failure === undefined ? done() : jsonError(400, failure)
      }),
    },
    {
      ...common,
      path: /^\/v2\/repository\/models\/([^/]+)\/unload$/,
      answer: controlled((name) => {
        unload(models, name)
        return done()
      }),
    },
  ]
}

/** No body is as good as `{}`; what is no JSON, or has a `ready` that is no boolean, is an error of the server. */
function answerIndex(models: readonly ServedModel[], body: string): Reply {
  let ready: unknown
  try {
    ready = body === '' ? undefined : (JSON.parse(body) as { ready?: unknown }).ready
  } catch {
    const problem = body.startsWith('{') ? 'Missing a name for object member. at 1' : 'Invalid value. at 0'
    return jsonError(500, `failed to parse the request JSON buffer: ${problem}`)
  }
  if (ready !== undefined && typeof ready !== 'boolean') {
    return jsonError(500, 'attempt to access JSON non-boolean as boolean')
  }
  return json(200, index(models, ready === true))
}

function done(): Reply {
  return { status: 200, headers: { 'content-type': 'application/json' } }
}
