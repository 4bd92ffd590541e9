import { createHmac } from 'node:crypto'
import { z } from 'zod'
import type { Secret } from '#lib/config/secret.ts'
import { createReplays, type Delivery, type DeliveryAnswer, isSameSignature, readEvent } from '#lib/webhook.ts'
import type { Change } from '../port.ts'

/** Seconds that the sender's clock may differ from this one, in either direction. */
const TOLERANCE = 300

/** MLflow's entities that are no models: nothing that is read here changes with them. */
const ELSEWHERE = /^(prompt|budget_policy)/

/** `{"entity": "model_version", "action": "created", "timestamp", "data"}`: seen on 3.17.2, mlflow/entities/webhook.py. */
const event = z.object({
  entity: z.string(),
  action: z.string(),
  data: z.object({ name: z.string().nullish(), version: z.string().nullish(), run_id: z.string().nullish() }),
})

/**
 * Makes a function that verifies MLflow's webhooks (3.3 and later, mlflow/webhooks/delivery.py) and tells what each says
 * has changed; null: nothing that is read here. The signature is `v1,` and the base64 of HMAC-SHA256 over
 * `<delivery id>.<unix seconds>.<body>`.
 */
export function createVerifier(secret: Secret): (delivery: Delivery) => DeliveryAnswer & { change?: Change } {
  const replays = createReplays(2 * TOLERANCE)

  return ({ header, body }) => {
    const id = header('x-mlflow-delivery-id')
    const timestamp = header('x-mlflow-timestamp')
    const signature = header('x-mlflow-signature')
    if (!id || !timestamp || !signature) return refused(401, UNSIGNED)
    const signed = createHmac('sha256', secret.reveal()).update(`${id}.${timestamp}.`).update(body).digest()
    if (!isSame(signature, signed)) return refused(401, WRONG)
    if (!(Math.abs(Date.now() / 1_000 - Number(timestamp)) <= TOLERANCE)) return refused(400, OLD)
    if (replays.seen(id)) return refused(409, REPLAYED)
    const read = readEvent(body, event)
    if (!read) return refused(400, UNREADABLE)
    return { status: 204, message: '', ...(ELSEWHERE.test(read.entity) ? {} : { change: changeOf(read) }) }
  }
}

const UNSIGNED =
  'The delivery is not signed: the headers X-MLflow-Delivery-Id, X-MLflow-Timestamp and X-MLflow-Signature are wanted. Give the webhook in MLflow (3.3 or later) a secret.'
const WRONG =
  'The signature is wrong: the secret of the webhook in MLflow and webhookSecret of this source are not the same, or the body was changed on its way.'
const OLD = `The delivery is more than ${TOLERANCE} seconds old, or from the future: the clocks of MLflow and of this gateway differ, or it was sent again by somebody.`
const REPLAYED = 'This delivery was taken before.'
const UNREADABLE = 'The body is signed, but it is no event of MLflow.'

const refused = (status: DeliveryAnswer['status'], message: string): DeliveryAnswer => ({ status, message })

function isSame(signature: string, signed: Buffer): boolean {
  const given = Buffer.from(/^v1,([A-Za-z0-9+/]{43}=)$/.exec(signature)?.[1] ?? '', 'base64')
  return isSameSignature(given, signed)
}

function changeOf({ data: { name, version, run_id: runId } }: z.output<typeof event>): Change {
  return { version: name && version ? { model: name, version } : null, runId: runId ?? null }
}
