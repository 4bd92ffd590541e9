import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from './ports.ts'
import { startProcess } from './process.ts'
import { pythonEnvironment } from './python-env.ts'

export type MlflowVersion = '2.22.5' | '3.17.2'

/** A real server on loopback. */
export type RealServer = { url: string; version: string; stop(): Promise<void> }

export type RealMlflowOptions = {
  /** Turns basic auth on, with this administrator and what everybody else may do with what is not granted to them. */
  basicAuth?: { username: string; password: string; defaultPermission: 'READ' | 'NO_PERMISSIONS' }
}

/**
 * Starts a real MLflow tracking server with an empty registry in a folder of its own, one worker under gunicorn.
 * Throws when it is not ready after 60 s (a first start on an empty database takes 4–8 s).
 */
export async function startRealMlflow(version: MlflowVersion, options: RealMlflowOptions = {}): Promise<RealServer> {
  const { bin } = await pythonEnvironment(`mlflow-${version}`)
  const [port] = await freePorts(1)
  const folder = await mkdtemp(join(tmpdir(), `mlflow-${version}-`))
  const url = `http://127.0.0.1:${port}`
  const server = await startProcess({
    name: `MLflow ${version}`,
    command: join(bin, 'mlflow'),
    args: [
      ...['server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1'],
      ...['--backend-store-uri', 'sqlite:///mlflow.db', '--artifacts-destination', './mlartifacts'],
      ...['--gunicorn-opts', gunicornOptions[version]],
      ...(options.basicAuth ? ['--app-name', 'basic-auth'] : []),
    ],
    cwd: folder,
    env: { ...environment, PATH: `${bin}:/usr/bin:/bin`, ...(await authEnvironment(folder, options)) },
    ready: async () => (await fetch(`${url}/health`, { signal: AbortSignal.timeout(2_000) })).ok,
    timeoutMs: 60_000,
  })
  return { url, version, stop: server.stop }
}

/** Threads keep connections alive. 2.22.5's longest request line is raised to gunicorn's limit, 3.17.2 keeps the default 4094. */
const gunicornOptions = {
  '2.22.5': '--threads=4 --keep-alive=5 --limit-request-line=8190',
  '3.17.2': '--threads=4 --keep-alive=5',
}

/** No calls home, and no job runner, which would need more packages. */
const environment = {
  MLFLOW_DISABLE_TELEMETRY: 'true',
  DO_NOT_TRACK: 'true',
  MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
}

async function authEnvironment(folder: string, { basicAuth }: RealMlflowOptions): Promise<Record<string, string>> {
  if (!basicAuth) return {}
  const file = join(folder, 'basic_auth.ini')
  const settings = {
    default_permission: basicAuth.defaultPermission,
    database_uri: 'sqlite:///basic_auth.db',
    admin_username: basicAuth.username,
    admin_password: basicAuth.password,
    authorization_function: 'mlflow.server.auth:authenticate_request_basic_auth',
  }
  const lines = Object.entries(settings).map(([key, value]) => `${key} = ${value}`)
  await writeFile(file, ['[mlflow]', ...lines, ''].join('\n'))
  return { MLFLOW_AUTH_CONFIG_PATH: file, MLFLOW_FLASK_SERVER_SECRET_KEY: 'only-for-tests' }
}
