import type { UpstreamError } from './error.ts'
import type { Answer } from './exchange.ts'
import { failed } from './failed.ts'
import type { UpstreamResponse } from './upstream.ts'

/** Lets the adapter read an answer; `onBad` is told when it turns out to be no JSON. */
export function createResponse(
  source: string,
  answer: Answer,
  onBad: (error: UpstreamError) => void,
): UpstreamResponse {
  return {
    ...answer,
    json: () => {
      try {
        return JSON.parse(answer.text)
      } catch {
        // No cause: the message of a SyntaxError repeats what the source wrote.
        const { error } = failed(source, { reason: 'BAD_RESPONSE', message: notJson(answer), status: answer.status })
        onBad(error)
        throw error
      }
    },
  }
}

function notJson({ text, contentType }: Answer): string {
  if (contentType.startsWith('text/html') || /^\s*</.test(text)) {
    return 'answers with a web page instead of JSON, often a login page: does "url" lead to the tool itself, and does it want credentials?'
  }
  if (text === '') return 'answers with nothing where JSON was expected: is its version supported?'
  return 'answers with something that is no JSON, or is cut off: is its version supported, and does a proxy between change answers?'
}
