import type { Reply, StandInRequest } from '../../stand-in.ts'
import { json } from '../starlette.ts'

type Problem = { type: string; loc: (string | number)[]; msg: string; input: unknown; ctx?: { error: string } }

/**
 * Answers with the JSON object in the body, or with the 422 of FastAPI when there is none: MLServer insists on a body
 * where the protocol does not.
 */
export function withObject(
  { headers, body }: StandInRequest,
  answer: (object: Record<string, unknown>) => Reply,
): Reply {
  const parsed = isJson(headers['content-type']) ? parse(body) : { value: body }
  if (!parsed) {
    const ctx = { error: 'unexpected character' }
    return unprocessable({ type: 'json_invalid', loc: ['body', 0], msg: 'JSON decode error', input: {}, ctx })
  }
  const input = parsed.value
  if (body === '' || input === null) return unprocessable(missing(['body'], null))
  if (typeof input === 'object' && !Array.isArray(input)) return answer(input as Record<string, unknown>)
  const msg = 'Input should be a valid dictionary or object to extract fields from'
  return unprocessable({ type: 'model_attributes_type', loc: ['body'], msg, input })
}

/** FastAPI's answer to a body it cannot use: `{"detail": […]}`, one of the three shapes of MLServer's errors. */
export function unprocessable(problem: Problem): Reply {
  return json(422, { detail: [problem] })
}

export function missing(loc: string[], input: unknown): Problem {
  return { type: 'missing', loc, msg: 'Field required', input }
}

/** A body without a content type is read as JSON, one of another type is not read at all. */
function isJson(contentType: string | undefined): boolean {
  return contentType === undefined || /^application\/(?:[^;]+\+)?json\b/i.test(contentType)
}

function parse(body: string): { value: unknown } | undefined {
  try {
    return { value: body === '' ? null : JSON.parse(body) }
  } catch {
    return undefined
  }
}
