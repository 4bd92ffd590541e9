import type { Handler, Reply, StandInRequest } from '../stand-in.ts'
import { bodyArguments, queryArguments } from './arguments.ts'
import { artifactProxy, getRunArtifact, getVersionArtifact } from './artifact.ts'
import { type GuardOptions, guard } from './guard.ts'
import { invalid, MlflowCrash, MlflowProblem } from './problem.ts'
import { errorPage, html, json, plain, problem } from './replies.ts'
import type { Route } from './route.ts'
import { aliases } from './routes/aliases.ts'
import { experiments } from './routes/experiments.ts'
import { loggedModels } from './routes/logged-models.ts'
import { logging } from './routes/logging.ts'
import { metrics } from './routes/metrics.ts'
import { modelVersions } from './routes/model-versions.ts'
import { registeredModels } from './routes/registered-models.ts'
import { runs } from './routes/runs.ts'
import type { Store } from './store.ts'
import { isMlflow3 } from './version.ts'

const ROUTES: readonly Route[] = [
  ...[...registeredModels, ...aliases, ...modelVersions],
  ...[...experiments, ...runs, ...logging, ...metrics, ...loggedModels],
]

/** Answers as MLflow does what is asked of a store. */
export function mlflow(store: Store, options: GuardOptions): Handler {
  return (request) => {
    const { version } = store
    try {
      return guard(request, options) ?? answer(store, request)
    } catch (error) {
      if (error instanceof MlflowProblem) return problem(version, error)
      if (error instanceof MlflowCrash) return errorPage(version, 500, 'Internal Server Error', CRASHED)
      throw error
    }
  }
}

function answer(store: Store, request: StandInRequest): Reply {
  const [path = '', query = ''] = request.path.split(/\?(.*)/s, 2)
  // The browser's pages have a prefix of their own for the same calls.
  const [, service, below = ''] =
    /^\/(?:ajax-)?api\/2\.0\/(mlflow|mlflow-artifacts\/artifacts)\/(.*)$/s.exec(path) ?? []
  if (service === 'mlflow') return api(store, request, below, query)
  if (service) {
    const file = artifactProxy(store, request.method, decodeURIComponent(below), request.body)
    return file ?? notAllowed(store, ['GET', 'PUT'])
  }
  const found = PAGES[path]?.(store, query)
  if (!found) return notFound(store)
  return ['GET', 'HEAD'].includes(request.method) ? found : notAllowed(store, ['GET'])
}

/** What is not below `/api/2.0/mlflow/`. */
const PAGES: Readonly<Record<string, (store: Store, query: string) => Reply | undefined>> = {
  '/health': ({ version }) => (isMlflow3(version) ? plain(version, 'OK') : html(version, 200, 'OK')),
  '/version': ({ version }) => html(version, 200, version),
  '/api/3.0/mlflow/server-info': ({ version }) => (isMlflow3(version) ? json(version, SERVER_INFO) : undefined),
  '/model-versions/get-artifact': (store, query) => getVersionArtifact(store, queryArguments(query)),
  '/get-artifact': (store, query) => getRunArtifact(store, queryArguments(query)),
}

const SERVER_INFO = {
  store_type: 'SqlStore',
  workspaces_enabled: false,
  trace_archival_enabled: false,
  multipart_uploads_enabled: false,
  multipart_downloads_enabled: false,
  presigned_upload_run_id_supported: true,
  presigned_upload_model_id_supported: true,
  features_enabled: { gateway: true },
}

function api(store: Store, request: StandInRequest, path: string, query: string): Reply {
  const known = ROUTES.filter(({ mlflow3 }) => !mlflow3 || isMlflow3(store.version))
  const exact = known.filter((route) => route.path === path)
  const [, folder, segment = ''] = /^(.+\/)([^/]+)$/.exec(path) ?? []
  const here = exact.length > 0 ? exact : known.filter((route) => route.path.replace(/:.*/, '') === folder)
  if (here.length === 0) return notFound(store)
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const route = here.find((candidate) => candidate.method === method)
  if (!route) {
    return notAllowed(
      store,
      here.map((candidate) => candidate.method),
    )
  }
  if (method === 'POST') checkContentType(request)
  const args = method === 'GET' ? queryArguments(query) : bodyArguments(request.body)
  return json(store.version, route.answer(store, args, decodeURIComponent(segment)))
}

function checkContentType({ headers }: StandInRequest): void {
  const type = headers['content-type']
  if (type === undefined) throw invalid('Bad Request. Content-Type header is missing.')
  if (type.split(';', 1)[0] === 'application/json') return
  throw invalid("Bad Request. Content-Type must be one of ['application/json'].")
}

function notFound({ version }: Store): Reply {
  const text =
    'The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.'
  return errorPage(version, 404, 'Not Found', text)
}

function notAllowed({ version }: Store, methods: readonly string[]): Reply {
  const text = 'The method is not allowed for the requested URL.'
  const { headers, ...rest } = errorPage(version, 405, 'Method Not Allowed', text)
  const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ')
  return { ...rest, headers: { ...headers, allow } }
}

const CRASHED =
  'The server encountered an internal error and was unable to complete your request. Either the server is overloaded or there is an error in the application.'
