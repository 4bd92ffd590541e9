import { createReadStream, createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ReaderError } from '#lib/reader-error.ts'
import { DEFAULT_KEY_FILE, signingKey } from '#lib/state/key.ts'
import { removeOld } from '#lib/state/retention.ts'
import { exportLines, importLines } from '#lib/state/transfer.ts'
import { trustedKeys, withState } from './configured-state.ts'

/** `modelops state export`: everything that is kept, as lines of JSON, into a file or to stdout. */
export async function exportState(file: string | undefined, { config }: { config?: string }): Promise<void> {
  await withState(config, async (state) => {
    const lines = Readable.from(exportLines(await state.open()))
    if (file === undefined) return pipeline(lines, process.stdout, { end: false })
    // Names of people may be in it.
    await pipeline(lines, createWriteStream(file, { mode: 0o600, flags: 'wx' })).catch(fileProblem(file))
  })
}

/** `modelops state import`: an export, from a file or stdin, into a state that is empty. */
export async function importState(
  file: string | undefined,
  { config, key }: { config?: string; key: readonly string[] },
): Promise<void> {
  const count = await withState(config, async (state, settings) => {
    const input = file === undefined ? process.stdin : createReadStream(file)
    const failed = new Promise<never>((_, reject) => input.once('error', reject))
    const work = importLines(await state.open(), linesOf(input), trustedKeys(settings, key))
    return Promise.race([work, failed]).catch(fileProblem(file ?? 'stdin'))
  })
  console.log(`Imported ${count} entries; their chain is whole.`)
}

/** `modelops state prune`: removes what is older than `state.retention` says, and leaves tombstones. */
export async function pruneState({ config }: { config?: string }): Promise<void> {
  const removed = await withState(config, (state, { retention, keyFile = DEFAULT_KEY_FILE }) => {
    if (Object.values(retention).every((days) => days === undefined)) {
      throw new ReaderError('Nothing is ever removed: state.retention is not configured.')
    }
    return removeOld(state, retention, signingKey(keyFile))
  })
  console.log(`Removed ${removed} entries. A tombstone stands in the place of each, so the chain is whole.`)
}

/** `modelops state forget`: forgets the name of a person; what they said stays, under their subject id. */
export async function forgetName(subject: string, { config }: { config?: string }): Promise<void> {
  const known = await withState(config, (state) => state.people.forget(subject))
  if (!known) throw new ReaderError(`No name is kept for ${subject}.`)
  console.log(
    `The name of ${subject} is forgotten. It is kept again when they record something and their credential tells it.`,
  )
}

/** Line by line. Made when the first is asked for: one that is read before loses its lines, and its end. */
async function* linesOf(input: NodeJS.ReadableStream): AsyncGenerator<string> {
  yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })
}

/** Words for what the file system says. */
const fileProblem =
  (file: string) =>
  (error: unknown): never => {
    const { code } = error as NodeJS.ErrnoException
    if (error instanceof ReaderError || !code) throw error
    const why = code === 'EEXIST' ? 'is there already' : `cannot be used (${code})`
    throw new ReaderError(`The file ${file} ${why}.`, { cause: error })
  }
