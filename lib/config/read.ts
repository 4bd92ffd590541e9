import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { fromEnvironment } from './environment.ts'
import { port } from './limits.ts'
import { defaultConfig, loadConfig } from './load.ts'
import { ConfigurationError } from './problem.ts'
import type { Config, Kinds } from './schema.ts'

const DEFAULT_FILE = 'modelops.yaml'

/** Where a configuration came from. `none`: nothing is configured, so there is the demonstration to show. */
export type Origin = { kind: 'file'; path: string } | { kind: 'environment' } | { kind: 'none' }

/** What `readConfiguration` looks at. */
export interface ReadOptions<K extends Kinds> {
  /** The value of `--config`. */
  configPath?: string | undefined
  env: NodeJS.ProcessEnv
  /** Where relative paths start, and where `modelops.yaml` is looked for. */
  cwd: string
  kinds: K
}

/** A configuration, where it came from, and what the reader should be told about that. */
export interface Configuration<K extends Kinds> {
  config: Config<K>
  origin: Origin
  notices: string[]
}

/**
 * Reads the configuration: `--config`, else `MODELOPS_CONFIG`, else `modelops.yaml` where it exists, else
 * `MLFLOW_TRACKING_URI`, else none. `HOST` and `PORT` overrule each. Throws a ConfigurationError.
 */
export async function readConfiguration<K extends Kinds>(options: ReadOptions<K>): Promise<Configuration<K>> {
  const read = await readOrigin(options)
  return { ...read, config: { ...read.config, gateway: { ...read.config.gateway, ...listening(options.env) } } }
}

async function readOrigin<K extends Kinds>({ configPath, env, cwd, kinds }: ReadOptions<K>): Promise<Configuration<K>> {
  const named = configPath ?? (env.MODELOPS_CONFIG || undefined)
  const file = named ?? DEFAULT_FILE
  const path = resolve(cwd, file)
  const text = await readText(
    path,
    file,
    configPath === undefined ? 'MODELOPS_CONFIG' : '--config',
    named !== undefined,
  )
  if (text !== undefined) {
    const config = loadConfig({ text, file, directory: dirname(path), env, kinds })
    const both = `Both ${file} and MLFLOW_TRACKING_URI are there: ${file} is read, MLFLOW_TRACKING_URI is not.`
    return { config, origin: { kind: 'file', path }, notices: env.MLFLOW_TRACKING_URI ? [both] : [] }
  }
  if (env.MLFLOW_TRACKING_URI) return { ...fromEnvironment(env, kinds), origin: { kind: 'environment' } }
  return { config: defaultConfig(), origin: { kind: 'none' }, notices: [] }
}

/** The text of the file; undefined: nobody named it and there is none. */
async function readText(path: string, file: string, option: string, named: boolean): Promise<string | undefined> {
  const fail = (message: string) =>
    new ConfigurationError([{ file, path: '', message: named ? `${message} (${option})` : message }])
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && !named) return undefined
    const reasons: Record<string, string> = {
      ENOENT: 'there is no such file',
      EISDIR: 'this is a folder, expected a file',
      EACCES: 'this file may not be read by the user that modelops runs as',
    }
    throw fail(reasons[error.code ?? ''] ?? `this file cannot be read (${error.code})`)
  })
  if (!bytes) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw fail('this file is not text in UTF-8')
  }
}

/** `HOST` and `PORT`, where they are set. */
function listening(env: NodeJS.ProcessEnv): { host?: string; port?: number } {
  const number = env.PORT ? port.safeParse(Number(env.PORT)) : undefined
  if (number?.success === false) {
    throw new ConfigurationError([{ path: 'PORT', message: 'expected a whole number from 0 to 65535' }])
  }
  return { ...(env.HOST && { host: env.HOST }), ...(number && { port: number.data }) }
}
