import type { Reply } from '../stand-in.ts'
import { type Arguments, text } from './arguments.ts'
import { findRun, findVersion } from './find.ts'
import { invalid, MlflowCrash, MlflowProblem, missing } from './problem.ts'
import { attachment, errorPage, json } from './replies.ts'
import type { Store } from './store.ts'
import { isMlflow3 } from './version.ts'
import { runArtifacts } from './wire/tracking.ts'

/** `GET /model-versions/get-artifact`: a file of a version. */
export function getVersionArtifact(store: Store, args: Arguments): Reply {
  const path = text(args, 'path')
  if (path === undefined) return unreadable(store)
  checkPath(path)
  const { version } = findVersion(store, text(args, 'name') ?? '', text(args, 'version') ?? '')
  const [, runId] = /^runs:\/([^/]+)/.exec(version.storageLocation) ?? []
  if (runId !== undefined) {
    // A server cannot resolve this form, which its clients resolve before they register a version.
    findRun(store, runId)
    throw new MlflowProblem('INTERNAL_ERROR', UNRESOLVED)
  }
  return send(store, `${version.storageLocation}/${path}`)
}

/** `GET /get-artifact`: a file of a run. */
export function getRunArtifact(store: Store, args: Arguments): Reply {
  const path = text(args, 'path')
  if (path === undefined) return unreadable(store)
  checkPath(path)
  const run = findRun(store, text(args, 'run_id') || text(args, 'run_uuid') || 'None')
  return send(store, `${runArtifacts(run)}/${path}`)
}

/** `GET` and `PUT` of a file in the artifact store that the server gives access to. */
export function artifactProxy(store: Store, method: string, path: string, body: string): Reply | undefined {
  const uri = `mlflow-artifacts:/${path}`
  if (method === 'GET' || method === 'HEAD') return send(store, uri)
  if (method !== 'PUT') return undefined
  checkPath(path)
  store.files.set(uri, body)
  return json(store.version, {})
}

function send(store: Store, uri: string): Reply {
  const file = store.files.get(uri)
  if (file !== undefined) return attachment(store.version, uri.slice(uri.lastIndexOf('/') + 1), file)
  const [, path] = /^mlflow-artifacts:\/(.+)/.exec(uri) ?? []
  // MLflow 2 does not expect a missing file; neither expects a store that it cannot reach.
  if (path === undefined || !isMlflow3(store.version)) throw new MlflowCrash()
  throw missing(`No such artifact: '${path}'`)
}

function checkPath(path: string): void {
  if (path.startsWith('/') || path.split('/').includes('..')) throw invalid('Invalid path')
}

function unreadable({ version }: Store): Reply {
  const said = 'The browser (or proxy) sent a request that this server could not understand.'
  return errorPage(version, 400, 'Bad Request', said)
}

const UNRESOLVED =
  "When an mlflow-artifacts URI was supplied, the tracking URI must be a valid http or https URI, but it was currently set to sqlite:/mlflow.db. Perhaps you forgot to set the tracking URI to the running MLflow server. To set the tracking URI, use either of the following methods:\n1. Set the MLFLOW_TRACKING_URI environment variable to the desired tracking URI. `export MLFLOW_TRACKING_URI=http://localhost:5000`\n2. Set the tracking URI programmatically by calling `mlflow.set_tracking_uri`. `mlflow.set_tracking_uri('http://localhost:5000')`"
