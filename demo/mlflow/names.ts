import { invalid } from './problem.ts'
import { isMlflow3, type MlflowVersion } from './version.ts'

/** Throws when a model cannot have this name. MLflow 2 allows all names, MLflow 3 none that could be a path or a URI. */
export function checkModelName(name: string, version: MlflowVersion): void {
  if (!isMlflow3(version)) return
  if (name.trim() === '') throw invalid("Missing value for required parameter 'name'.")
  if (/[/:]/.test(name)) throw invalid(`Invalid model name '${name}'. Names cannot contain '/' or ':'.`)
  if (name !== '.' && !name.startsWith('..')) return
  throw invalid(
    `Invalid value ${JSON.stringify(name)} for parameter 'name' supplied: Names may be treated as files in certain cases, and must not resolve to other names when treated as such. This name would resolve to '${name}'`,
  )
}

/** Throws when an alias has a character that none may have; MLflow 2 refuses reserved names here too. */
export function checkAlias(alias: string, version: MlflowVersion): void {
  if (!/^[\p{L}\p{N}_-]*$/u.test(alias)) {
    throw invalid(
      `Invalid alias name: '${alias}'. Names may only contain alphanumerics, underscores (_), and dashes (-).`,
    )
  }
  if (!isMlflow3(version)) checkReservedAlias(alias)
}

/** Throws when an alias has a meaning of its own: `latest`, `v3`. */
export function checkReservedAlias(alias: string): void {
  if (/^latest$/i.test(alias)) throw invalid("'latest' alias name (case insensitive) is reserved.")
  if (/^v\d+$/i.test(alias)) throw invalid(`Version alias name '${alias}' is reserved.`)
}

/** The number of a version. Throws when the text is none. */
export function versionNumber(text: string): number {
  if (/^\s*[+-]?\d+\s*$/.test(text)) return Number(text)
  throw invalid(`Parameter 'version' must be an integer, got '${text}'.`)
}
