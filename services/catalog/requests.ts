import type { z } from 'zod'
import { asError } from '#lib/as-error.ts'
import { type Answered, parsedAnswer } from '#lib/parsed-answer.ts'
import { sideBySide } from '#lib/side-by-side.ts'
import { REQUESTS_AT_A_TIME } from '#lib/upstream/settings.ts'
import type { Upstream, UpstreamCall, UpstreamRequest } from '#lib/upstream/upstream.ts'

/** Asks for one thing; null: there is no such thing, where `accept` lets a 404 through. What does not parse is the source's failure. */
export async function getOrNull<T>(
  upstream: Upstream,
  request: Omit<UpstreamRequest, 'method'>,
  schema: z.ZodType<T>,
  answered: Answered,
  call: UpstreamCall,
): Promise<T | null> {
  const response = await upstream.request({ method: 'GET', ...request }, call)
  return response.status === 404 ? null : parsedAnswer(response.json(), schema, answered)
}

/** What is asked of each dataset by itself; a failure stands in its own place. */
export function ofEach<Q, A>(
  questions: readonly Q[],
  read: (question: Q) => Promise<A | null>,
): Promise<(A | null | Error)[]> {
  return sideBySide(questions, REQUESTS_AT_A_TIME, (question) => read(question).catch(asError))
}
