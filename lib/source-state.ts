import type { SourceStatus } from './common.generated.ts'
import type { UpstreamError } from './upstream/error.ts'

/** How a source answered lately: written by its HTTP client, read by `Source.status`. State is what requests saw. */
export class SourceState {
  #lastSuccessAt: Date | undefined
  #lastFailureAt: Date | undefined
  #failure: UpstreamError | undefined
  #latencyMilliseconds: number | undefined
  #version: string | undefined
  /** An answer came, after so many milliseconds. Tells whether the source had failed before. */
  succeeded(latencyMilliseconds: number, at: Date = new Date()): boolean {
    const healed = this.#failure !== undefined
    this.#lastSuccessAt = at
    this.#latencyMilliseconds = latencyMilliseconds
    this.#failure = undefined
    return healed
  }

  /** No answer came. Tells whether that is news: it had not failed so before. */
  failed(failure: UpstreamError, at: Date = new Date()): boolean {
    const isNews = this.#failure?.message !== failure.message
    this.#lastFailureAt = at
    this.#failure = failure
    return isNews
  }

  /** The tool's own version, as its adapter found it. */
  set version(version: string | undefined) {
    this.#version = version
  }

  get version(): string | undefined {
    return this.#version
  }

  /** In the graph's words. A failure counts until a later success. */
  status(): SourceStatus {
    const failing = this.#failure
    return {
      state: this.#stateOf(failing),
      message: failing?.message ?? null,
      version: this.#version ?? null,
      lastSuccessAt: this.#lastSuccessAt?.toISOString() ?? null,
      lastFailureAt: this.#lastFailureAt?.toISOString() ?? null,
      latencyMilliseconds: this.#latencyMilliseconds ?? null,
    }
  }

  #stateOf(failing: UpstreamError | undefined): SourceStatus['state'] {
    if (!failing) return this.#lastSuccessAt ? 'UP' : 'UNKNOWN'
    if (failing.reason === 'FORBIDDEN') return 'FORBIDDEN'
    return failing.reason === 'DOWN' || failing.reason === 'TIMEOUT' ? 'DOWN' : 'DEGRADED'
  }
}
