import type { Handler } from '../../stand-in.ts'
import type { ServedModel } from '../repository.ts'
import { healthRoutes, modelRoutes } from './model-routes.ts'
import { textError } from './replies.ts'
import { repositoryRoutes } from './repository-routes.ts'
import { type Restriction, refuse } from './restricted.ts'

export interface TritonSettings {
  /** As `--http-restricted-api`. */
  restricted?: Restriction
  /** As `--model-control-mode`; `explicit` when absent. With `none`, load and unload are refused. */
  controlMode?: 'explicit' | 'none'
}

/**
 * Triton 2.51.0. Paths are matched as they were sent, since it decodes no percent escapes: a name with a space has no
 * address.
 */
export function triton(models: readonly ServedModel[], settings: TritonSettings): Handler {
  const { restricted, controlMode = 'explicit' } = settings
  const routes = [...healthRoutes(models), ...modelRoutes(models), ...repositoryRoutes(models, controlMode)]
  return (request) => {
    const [path = ''] = request.path.split('?', 1)
    for (const route of routes) {
      const match = route.path.exec(path)
      if (!match) continue
      const refused = refuse(restricted, route.api, request)
      if (refused) return refused
      return route.method === request.method ? route.answer(match, request) : route.error(405, 'Method Not Allowed')
    }
    return textError(404, 'Not Found')
  }
}
