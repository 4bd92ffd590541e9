import { kinds } from '#app/kinds.ts'
import { loadConfig } from '#lib/config/load.ts'
import { ConfigurationError } from '#lib/config/problem.ts'

/** Every kind of source, as errors list them. */
export const KINDS = Object.keys(kinds).join(', ')

/** Loads a text as `modelops.yaml` with the kinds of these tests. */
export const load = (text: string, env: NodeJS.ProcessEnv = {}) =>
  loadConfig({ text, file: 'modelops.yaml', env, kinds })

/** The error that a function throws, which must be a ConfigurationError. */
export function errorOf(run: () => unknown): ConfigurationError {
  try {
    run()
  } catch (error) {
    if (error instanceof ConfigurationError) return error
    throw error
  }
  throw new Error('expected a ConfigurationError, and nothing was thrown')
}

/** The lines of the error that a text gives, without file name. Empty: the text is right. */
export function linesOf(text: string, env: NodeJS.ProcessEnv = {}): string[] {
  try {
    load(text, env)
    return []
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.replace(/^ {2}modelops\.yaml:? ?/, ''))
  }
}

/** A configuration of one MLflow source with further lines at the top level. */
export const withSource = (more: string, source = '') => `sources:
  - id: mlflow-prod
    kind: mlflow
    url: http://mlflow.example
${source}${more}`
