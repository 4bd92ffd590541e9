import type { z } from 'zod'
import { asError } from '#lib/as-error.ts'
import { type Answered, parsedAnswer } from '#lib/parsed-answer.ts'
import { sideBySide } from '#lib/side-by-side.ts'
import { REQUESTS_AT_A_TIME } from '#lib/upstream/settings.ts'
import type { Upstream, UpstreamCall, UpstreamRequest } from '#lib/upstream/upstream.ts'
import type { LineageEdge, LineageQuestion } from './port.ts'

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

/** The lineage of each dataset, one request each; a failure stands in its own place. */
export function lineageOfEach(
  questions: readonly LineageQuestion[],
  read: (question: LineageQuestion) => Promise<LineageEdge[] | null>,
): Promise<(LineageEdge[] | null | Error)[]> {
  return sideBySide(questions, REQUESTS_AT_A_TIME, (question) => read(question).catch(asError))
}
