import type { GateAnswer, GateProblem } from './answer.ts'

/** What is asked, and where. */
export interface GateQuestion {
  /** Address of the gateway. */
  readonly url: string
  readonly subject: string
  readonly policies?: readonly string[] | undefined
  /** The key or token of the caller; undefined: none is sent. */
  readonly key?: string | undefined
  readonly idempotencyKey: string
  readonly timeoutSeconds: number
}

const DECISIONS = ['ALLOWED', 'REFUSED', 'UNDECIDED']

/** Asks a running gateway, once. Never rejects: what kept it from being asked is a problem. */
export async function askGate(question: GateQuestion): Promise<GateAnswer | GateProblem> {
  const { url, subject, policies, key, idempotencyKey, timeoutSeconds } = question
  if (!URL.canParse('gate', `${url}/`))
    return { problem: `found the address ${url}, expected one such as http://127.0.0.1:4000` }
  const address = new URL('gate', url.endsWith('/') ? url : `${url}/`)
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': idempotencyKey,
        ...(key && { authorization: `Bearer ${key}` }),
      },
      body: JSON.stringify({ subject, ...(policies && { policies }) }),
      signal: AbortSignal.timeout(timeoutSeconds * 1_000),
      // The key is for this address.
      redirect: 'error',
    })
    return readAnswer(response.status, await response.text(), address)
  } catch (error) {
    return { problem: `${address.origin} could not be asked: ${reasonOf(error, timeoutSeconds)}` }
  }
}

function readAnswer(status: number, text: string, { origin }: URL): GateAnswer | GateProblem {
  const body = parsed(text)
  if (status === 200 && isAnswer(body)) return body
  const errors = (body as { errors?: readonly { message?: unknown }[] } | undefined)?.errors
  const message = errors?.[0]?.message
  if (typeof message === 'string') return { problem: message }
  return { problem: `${origin} answered with ${status} and nothing that a ModelOps gateway answers: is it one?` }
}

function isAnswer(body: unknown): body is GateAnswer {
  const { decision, findings } = (body ?? {}) as Partial<Record<keyof GateAnswer, unknown>>
  return typeof decision === 'string' && DECISIONS.includes(decision) && Array.isArray(findings)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The words of a failed fetch stand in its cause. */
function reasonOf(error: unknown, seconds: number): string {
  const { name, cause, message } = error as Error
  if (name === 'TimeoutError') return `it did not answer within ${seconds} seconds.`
  const { code } = (cause ?? {}) as NodeJS.ErrnoException
  if (code === 'ECONNREFUSED') return 'it refuses connections: is it running there?'
  if (code === 'ENOTFOUND') return 'there is no such host.'
  return code ?? message
}
