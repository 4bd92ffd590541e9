import type { Upstream, UpstreamCall } from '#lib/upstream/upstream.ts'

/**
 * What is read of MLflow's scoring server, as 2.22.5 and 3.17.2 answer it (`mlflow/pyfunc/scoring_server`): two routes
 * whose bodies are labelled JSON and are none.
 */

/** Whether the model is loaded: the server starts to listen when it is, and says 404 where it is not. */
export async function readPing(upstream: Upstream, call: UpstreamCall): Promise<boolean> {
  return (await upstream.request({ method: 'GET', path: '/ping', accept: [404, 500, 503] }, call)).status === 200
}

/** MLflow's own version, quoted where MLServer answers for it; null: it does not tell. */
export async function readVersion(upstream: Upstream, call: UpstreamCall): Promise<string | null> {
  const { status, text } = await upstream.request({ method: 'GET', path: '/version', accept: [404] }, call)
  return status === 200 ? (/^"?(\d[\w.+-]{0,40})"?$/.exec(text.trim())?.[1] ?? null) : null
}
