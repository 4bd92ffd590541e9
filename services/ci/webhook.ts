import { createHash, createHmac } from 'node:crypto'
import { z } from 'zod'
import type { Secret } from '#lib/config/secret.ts'
import { createReplays, type Delivery, type DeliveryAnswer, isSameSignature, readEvent } from '#lib/webhook.ts'

/** What a delivery says has changed in one repository; each empty where it names none. */
export interface Change {
  /** As `owner/name`, in lower case. */
  readonly repository: string
  readonly shas: readonly string[]
  readonly runs: readonly string[]
  readonly pulls: readonly number[]
}

/** How a kind of forge signs: both sign the body alone, with HMAC-SHA256 in hexadecimal digits. */
export interface Signing {
  /** Name of the tool, for the reader. */
  readonly tool: string
  /** Header with the signature. */
  readonly header: string
  /** What stands before the digits. */
  readonly prefix: string
}

/**
 * Seconds for which a delivery is remembered. The body alone is signed, without its id and the time, so that nothing but
 * the body itself tells a delivery that is sent again; taking one twice costs reading what it names once more.
 */
const REMEMBERED = 86_400

const sha = z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/i)
const ofCommit = z.object({ head_sha: sha.nullish() }).nullish()

/** What of the events `push`, `status`, `check_*`, `workflow_*`, `pull_request*` and `code_scanning_alert` names something that is read. */
const event = z.object({
  repository: z.object({ full_name: z.string() }).nullish(),
  sha: sha.nullish(),
  after: sha.nullish(),
  commits: z.array(z.object({ id: sha })).nullish(),
  commit_oid: z.string().nullish(),
  check_run: ofCommit,
  check_suite: ofCommit,
  workflow_job: z.object({ run_id: z.int().nullish(), head_sha: sha.nullish() }).nullish(),
  workflow_run: z.object({ id: z.int(), head_sha: sha.nullish() }).nullish(),
  pull_request: z
    .object({
      number: z.int(),
      merge_commit_sha: z.string().nullish(),
      head: z.object({ sha: sha.nullish() }).nullish(),
    })
    .nullish(),
})

/** Makes a function that verifies a forge's webhooks and tells what each says has changed; absent: nothing that is read here. */
export function createVerifier(
  secret: Secret,
  { tool, header: name, prefix }: Signing,
): (delivery: Delivery) => DeliveryAnswer & { readonly change?: Change } {
  const replays = createReplays(REMEMBERED)
  const refused = (status: DeliveryAnswer['status'], message: string) => ({ status, message })

  return ({ header, body }) => {
    const signature = header(name)
    if (!signature) {
      return refused(401, `The delivery is not signed (${name}): give the webhook in ${tool} a secret.`)
    }
    const signed = createHmac('sha256', secret.reveal()).update(body).digest()
    if (!isSame(signature, prefix, signed)) {
      return refused(
        401,
        `The signature is wrong: the secret of the webhook in ${tool} and webhookSecret of this source are not the same, or the body was changed on its way.`,
      )
    }
    const read = readEvent(body, event)
    if (!read) {
      return refused(
        400,
        `The body is signed, but it is no event of ${tool} as JSON: choose application/json as its content type.`,
      )
    }
    if (replays.seen(createHash('sha256').update(body).digest('base64'))) {
      return refused(409, 'This delivery was taken before.')
    }
    const change = changeOf(read)
    return { status: 204, message: '', ...(change && { change }) }
  }
}

function isSame(signature: string, prefix: string, signed: Buffer): boolean {
  if (!signature.startsWith(prefix)) return false
  const digits = signature.slice(prefix.length)
  const given = /^[0-9a-f]{64}$/.test(digits) ? Buffer.from(digits, 'hex') : Buffer.alloc(0)
  return isSameSignature(given, signed)
}

function changeOf(read: z.output<typeof event>): Change | undefined {
  const { repository, workflow_run: run, workflow_job: job, pull_request: pull } = read
  if (!repository) return undefined
  const shas = [
    ...[read.sha, read.after, read.commit_oid, ...(read.commits ?? []).map(({ id }) => id)],
    ...[run?.head_sha, job?.head_sha, read.check_run?.head_sha, read.check_suite?.head_sha],
    ...[pull?.head?.sha, pull?.merge_commit_sha],
  ]
  return {
    repository: repository.full_name.toLowerCase(),
    shas: [...new Set(shas.flatMap((one) => (one ? [one.toLowerCase()] : [])))],
    runs: [...new Set([run?.id, job?.run_id].flatMap((id) => (id == null ? [] : [String(id)])))],
    pulls: pull ? [pull.number] : [],
  }
}
