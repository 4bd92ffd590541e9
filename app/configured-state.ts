import type { KeyObject } from 'node:crypto'
import { readConfiguration } from '#lib/config/read.ts'
import type { Config } from '#lib/config/schema.ts'
import { ReaderError } from '#lib/reader-error.ts'
import { createState } from '#lib/state/create.ts'
import { DEFAULT_KEY_FILE, verifyingKey } from '#lib/state/key.ts'
import type { OpenableState } from '#lib/state/state.ts'
import { kinds } from './kinds.ts'

/** Does a command's work on the configured state, and closes it. Throws, for the reader, where nothing is configured. */
export async function withState<T>(
  configPath: string | undefined,
  work: (state: OpenableState, config: Config['state']) => Promise<T>,
): Promise<T> {
  const { config, origin } = await readConfiguration({ configPath, env: process.env, cwd: process.cwd(), kinds })
  if (origin.kind === 'none') {
    throw new ReaderError(
      'Nothing is configured, and the demonstration keeps nothing: write a modelops.yaml (docs/configuration.md), or set MLFLOW_TRACKING_URI.',
    )
  }
  const state = createState(config.state)
  try {
    return await work(state, config.state)
  } finally {
    await state.close()
  }
}

/** The keys whose tombstones count: the configured one, where there is one, and those of further files. */
export function trustedKeys({ keyFile = DEFAULT_KEY_FILE }: Config['state'], files: readonly string[]): KeyObject[] {
  const own = verifyingKey(keyFile)
  const others = files.map((file) => {
    const key = verifyingKey(file)
    if (key) return key
    throw new ReaderError(`There is no file ${file} (--key).`)
  })
  return [...(own ? [own] : []), ...others]
}
