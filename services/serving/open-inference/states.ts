import type { EndpointState, LoadState } from '../schema.generated.ts'
import type { About } from './about.ts'

/** The state that the index gives a version, in the graph's words. */
export function loadStateOf(
  { state, reason }: { readonly state: string | null; readonly reason: string | null },
  { mlserver }: Pick<About, 'mlserver'>,
): LoadState {
  switch (state) {
    case 'READY':
    case 'LOADING':
    case 'UNLOADING':
      return state
    case 'UNAVAILABLE':
      // Triton alone gives a reason; MLServer's is empty for all that is not loaded.
      if (reason === null) return 'UNAVAILABLE'
      return reason === 'unloaded' ? 'UNLOADED' : 'FAILED'
    case null:
      // Triton lists a model that it was never told to load by its name alone.
      return 'UNLOADED'
    default:
      // MLServer has no other word for a model that is being loaded.
      return state === 'UNKNOWN' && mlserver ? 'LOADING' : 'UNKNOWN'
  }
}

/** The state that the readiness of a model tells, by its status. */
export function loadStateOfReady(status: number, { mlserver }: Pick<About, 'mlserver'>): LoadState {
  if (status === 200) return 'READY'
  if (status === 403) return 'UNKNOWN'
  // Of what it has not loaded, MLServer says 404; other servers say 400, 404 or 503 whatever the reason is.
  return mlserver && status === 400 ? 'LOADING' : 'UNAVAILABLE'
}

/** Why a model does not answer, in words fit to show; null: it does. */
export const stateMessages: Readonly<Record<LoadState, string | null>> = {
  READY: null,
  LOADING: 'It is being loaded.',
  UNLOADING: 'It is being unloaded.',
  FAILED: "Loading it failed; the server's log says why.",
  UNLOADED: 'It is in the repository of the server and not loaded.',
  UNAVAILABLE:
    'It is not loaded. The server does not tell whether loading it failed, it was unloaded or it was never loaded; its log does.',
  UNKNOWN: 'The server does not tell its state.',
}

/** A model that the server was told to unload, or never to load, is none that is missing. */
const intended: readonly LoadState[] = ['UNLOADED', 'UNLOADING']

/**
 * Whether a server answers requests, by its models: its own readiness goes false for one model that failed (Triton), or
 * stays true whatever its models do (KServe), so it counts only where there is no model to go by. null: not told.
 */
export function endpointState(
  models: readonly { readonly name: string; readonly loadState: LoadState }[] | null,
  readyStatus: number,
): { state: EndpointState; stateMessage: string | null } {
  const meant = (models ?? []).filter(({ loadState }) => !intended.includes(loadState))
  if (meant.length === 0) return byOwnWord(readyStatus)
  const unready = meant.filter(({ loadState }) => loadState !== 'READY' && loadState !== 'UNKNOWN')
  const ready = meant.filter(({ loadState }) => loadState === 'READY').length
  if (ready === meant.length) return { state: 'READY', stateMessage: null }
  if (ready > 0 && unready.length > 0) {
    const stateMessage = `${unready.length} of the ${meant.length} models it should serve are not ready: ${named(unready)}.`
    return { state: 'DEGRADED', stateMessage }
  }
  if (unready.length < meant.length) {
    return { state: 'UNKNOWN', stateMessage: 'The server does not tell the state of all its models.' }
  }
  return { state: 'NOT_READY', stateMessage: `None of the models it should serve is ready: ${named(unready)}.` }
}

function byOwnWord(status: number): { state: EndpointState; stateMessage: string | null } {
  if (status === 200) return { state: 'READY', stateMessage: null }
  if (status === 403) return { state: 'UNKNOWN', stateMessage: 'The server restricts who may ask whether it is ready.' }
  return { state: 'NOT_READY', stateMessage: 'The server says that it is not ready.' }
}

const SHOWN = 5

function named(models: readonly { readonly name: string }[]): string {
  const names = [...new Set(models.map(({ name }) => name))]
  const more = names.length - SHOWN
  return more > 0 ? `${names.slice(0, SHOWN).join(', ')} and ${more} more` : names.join(', ')
}
