import { buildConfig } from './load.ts'
import { ConfigurationError, type Problem } from './problem.ts'
import type { Config, Kinds } from './schema.ts'
import { checkUrl } from './url.ts'

/** Variables that MLflow's client knows and that would change which server is asked, or how. */
const UNSUPPORTED = [
  'MLFLOW_REGISTRY_URI',
  'MLFLOW_TRACKING_AWS_SIGV4',
  'MLFLOW_TRACKING_AUTH',
  'MLFLOW_TRACKING_CLIENT_CERT_PATH',
  'MLFLOW_WORKSPACE',
]

/**
 * A configuration of exactly one source, `mlflow`, from the variables that MLflow's own client reads, as it reads them
 * (seen on MLflow 3.17.2: mlflow/utils/rest_utils.py and credentials.py, over requests). `notices` say what was left out.
 * Throws a ConfigurationError whose problems name variables and repeat none of their values.
 */
export function fromEnvironment<K extends Kinds>(
  env: NodeJS.ProcessEnv,
  kinds: K,
): { config: Config<K>; notices: string[] } {
  const { url, login, problem } = trackingUri(env.MLFLOW_TRACKING_URI ?? '')
  const tls = readTls(env)
  const problems = [problem, tls.problem].filter((one) => one !== undefined)
  if (problems.length > 0) throw new ConfigurationError(problems)

  const auth = login ?? credentials(env)
  const source = { id: 'mlflow', kind: 'mlflow', url, ...(auth && { auth }), ...(tls.options && { tls: tls.options }) }
  const notices = UNSUPPORTED.filter((name) => env[name] && env[name] !== env.MLFLOW_TRACKING_URI).map(
    (name) => `${name} is not supported yet: it is ignored.`,
  )
  if (!auth && (env.MLFLOW_TRACKING_USERNAME || env.MLFLOW_TRACKING_PASSWORD)) {
    notices.push('MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD count only together: no credentials are sent.')
  }
  return { config: buildConfig({ sources: [source] }, kinds), notices }
}

type Auth = { basic: { username: string; password: string } } | { bearer: string }

/** The address, and the credentials in it. They count only with both parts, and then beat every other variable. */
function trackingUri(text: string): { url: string; login?: Auth; problem?: Problem } {
  const address = /^https?:\/\//i.test(text) && URL.canParse(text) ? new URL(text) : undefined
  const [username, password] = [address?.username ?? '', address?.password ?? ''].map(decoded)
  if (address) {
    address.username = ''
    address.password = ''
  }
  const checked = checkUrl(address?.href ?? text)
  if ('expected' in checked)
    return { url: '', problem: { path: 'MLFLOW_TRACKING_URI', message: `expected ${checked.expected}` } }
  return username && password ? { url: checked.url, login: { basic: { username, password } } } : { url: checked.url }
}

/** Percent-decodes; what is not well-formed stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** User name and password together beat the token. */
function credentials(env: NodeJS.ProcessEnv): Auth | undefined {
  const { MLFLOW_TRACKING_USERNAME: username, MLFLOW_TRACKING_PASSWORD: password, MLFLOW_TRACKING_TOKEN: bearer } = env
  if (username && password) return { basic: { username, password } }
  return bearer ? { bearer } : undefined
}

function readTls(env: NodeJS.ProcessEnv): { options?: { insecure: true } | { caFile: string }; problem?: Problem } {
  const flag = env.MLFLOW_TRACKING_INSECURE_TLS?.toLowerCase() ?? ''
  const caFile = env.MLFLOW_TRACKING_SERVER_CERT_PATH
  if (!['', 'true', 'false', '1', '0'].includes(flag)) {
    return { problem: { path: 'MLFLOW_TRACKING_INSECURE_TLS', message: 'expected one of: true, false, 1, 0' } }
  }
  const insecure = flag === 'true' || flag === '1'
  if (insecure && caFile) {
    const message = 'found together with MLFLOW_TRACKING_SERVER_CERT_PATH, expected one of the two, as MLflow does'
    return { problem: { path: 'MLFLOW_TRACKING_INSECURE_TLS', message } }
  }
  if (insecure) return { options: { insecure } }
  return caFile ? { options: { caFile } } : {}
}
