import type { Reply } from '../../stand-in.ts'

export function json(status: number, value: unknown): Reply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) }
}

/** An error labelled as the JSON it is: metadata, configuration, repository. */
export function jsonError(status: number, error: string): Reply {
  return json(status, { error })
}

/** The same JSON labelled `text/plain`: health, infer, restricted APIs, unknown paths. */
export function textError(status: number, error: string): Reply {
  return { status, headers: { 'content-type': 'text/plain' }, body: JSON.stringify({ error }) }
}

/** Health: a status, no body, and still a content type. */
export function health(healthy: boolean): Reply {
  return { status: healthy ? 200 : 400, headers: { 'content-type': 'text/plain' } }
}
