import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { ReaderError } from '#lib/reader-error.ts'
import { type Anchor, type Verification, verifyChain } from '#lib/state/verify.ts'
import { trustedKeys, withState } from './configured-state.ts'

const anchorShape = z.object({ sequence: z.int().min(0), hash: z.string().nullable(), time: z.string() })

/** `modelops audit head`: prints the end of the chain, to be kept where who can write to the state cannot. */
export async function auditHead({ config }: { config?: string }): Promise<void> {
  const { sequence, hash } = await withState(config, (state) => state.head())
  const anchor: Anchor = { sequence, hash, time: new Date().toISOString() }
  console.log(JSON.stringify(anchor))
}

/** What `modelops audit verify` may be told. */
export interface VerifyOptions {
  readonly config?: string
  readonly anchor?: string
  readonly key: readonly string[]
  readonly json?: boolean
}

/** `modelops audit verify`: walks the whole chain; exits with 1, and names the first broken entry, when it is not whole. */
export async function auditVerify({ config, anchor: file, key, json }: VerifyOptions): Promise<void> {
  const anchor = file === undefined ? undefined : readAnchor(file)
  const found = await withState(config, async (state, settings) =>
    verifyChain(await state.open(), { keys: trustedKeys(settings, key), ...(anchor && { anchor }) }),
  )
  console.log(json ? JSON.stringify({ ok: found.broken === null, ...found }) : told(found, anchor))
  if (found.broken) process.exitCode = 1
}

function told({ entries, tombstones, head, broken }: Verification, anchor: Anchor | undefined): string {
  if (broken) return `BROKEN: ${broken.message}`
  const removed = tombstones === 0 ? '' : `, ${tombstones} of them tombstones of what retention removed`
  const against = anchor
    ? `It holds what was there at ${anchor.time}, up to entry ${anchor.sequence}.`
    : 'Whether the newest entries were cut off together with the head of the state can only be told with an anchor that was kept elsewhere (modelops audit head; verify --anchor).'
  return `The chain is whole: ${entries} entries${removed}, up to hash ${head.hash}.\n${against}`
}

function readAnchor(file: string): Anchor {
  try {
    return anchorShape.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    throw new ReaderError(`${file} holds no anchor, as modelops audit head prints it.`, { cause })
  }
}
