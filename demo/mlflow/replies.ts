import type { Reply } from '../stand-in.ts'
import type { MlflowProblem } from './problem.ts'
import { indentedJson, lineJson } from './python.ts'
import { isMlflow3, type MlflowVersion } from './version.ts'

/** What the servers behind the two versions say in every answer: gunicorn (sync worker) and uvicorn, the defaults. */
function common(version: MlflowVersion): Readonly<Record<string, string>> {
  return isMlflow3(version)
    ? { server: 'uvicorn', 'x-content-type-options': 'nosniff', vary: 'Origin' }
    : { server: 'gunicorn', connection: 'close' }
}

function reply(version: MlflowVersion, status: number, contentType: string, body: string): Reply {
  return { status, headers: { ...common(version), 'content-type': contentType }, body }
}

export function json(version: MlflowVersion, value: unknown): Reply {
  return reply(version, 200, 'application/json', indentedJson(value))
}

/** A text that is labelled as a page. */
export function html(version: MlflowVersion, status: number, body: string): Reply {
  return reply(version, status, 'text/html; charset=utf-8', body)
}

export function plain(version: MlflowVersion, body: string): Reply {
  return reply(version, 200, 'text/plain; charset=utf-8', body)
}

/** A file to download, without the ETag and the date that Flask gives it. */
export function attachment(version: MlflowVersion, name: string, body: string): Reply {
  const { headers, ...rest } = reply(version, 200, 'text/plain', body)
  return { ...rest, headers: { ...headers, 'content-disposition': `attachment; filename=${name}` } }
}

/** Flask's page for an error of HTTP. */
export function errorPage(version: MlflowVersion, status: number, title: string, text: string): Reply {
  const page = `<!doctype html>\n<html lang=en>\n<title>${status} ${title}</title>\n<h1>${title}</h1>\n<p>${text}</p>\n`
  return html(version, status, page)
}

const STATUS: Record<MlflowProblem['code'], number> = {
  INVALID_PARAMETER_VALUE: 400,
  RESOURCE_ALREADY_EXISTS: 400,
  BAD_REQUEST: 400,
  RESOURCE_DOES_NOT_EXIST: 404,
  INTERNAL_ERROR: 500,
}

/** MLflow's error in JSON, to which 3.x adds an SQL state and an error class. */
export function problem(version: MlflowVersion, { code, message }: MlflowProblem): Reply {
  const body = { error_code: code, message, ...(isMlflow3(version) ? classified(code) : {}) }
  return reply(version, STATUS[code], 'application/json', lineJson(body))
}

function classified(code: MlflowProblem['code']): object {
  if (code === 'INTERNAL_ERROR') return { sqlstate: 'XXM00', error_class: 'CLIENT_INTERNAL_ERROR' }
  if (code === 'RESOURCE_DOES_NOT_EXIST') return { sqlstate: 'KAM00', error_class: 'RESOURCE_NOT_FOUND' }
  return { sqlstate: 'KAM00', error_class: code === 'BAD_REQUEST' ? 'INVALID_PARAMETER_VALUE' : code }
}

/** The server in front of MLflow cannot read the request, and says so without its name. */
export function lineTooLong(bytes: number, limit: number): Reply {
  const body = `<html>\n  <head>\n    <title>Bad Request</title>\n  </head>\n  <body>\n    <h1><p>Bad Request</p></h1>\n    Request Line is too large (${bytes} &gt; ${limit})\n  </body>\n</html>\n`
  return { status: 400, headers: { connection: 'close', 'content-type': 'text/html' }, body }
}

/** MLflow 3 refuses hosts and origins that are not its own. */
export function forbidden(text: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status: 403, headers: { server: 'uvicorn', 'content-type': 'text/plain', ...headers }, body: text }
}

export function unauthenticated(version: MlflowVersion): Reply {
  const text =
    'You are not authenticated. Please see https://www.mlflow.org/docs/latest/auth/index.html#authenticating-to-mlflow on how to authenticate.'
  const { headers, ...rest } = html(version, 401, text)
  return { ...rest, headers: { ...headers, 'www-authenticate': 'Basic realm="mlflow"' } }
}
