import type { RequestContext } from '#lib/context.ts'

/** Somebody took responsibility for a policy that does not hold, until a date. */
export interface Waiver {
  /** Id of the thing it is for. */
  readonly subject: string
  /** Id of the policy. */
  readonly policy: string
  readonly by: string
  readonly reason: string
  /** ISO 8601 in UTC. */
  readonly expiresAt: string
}

/** What people said of things, as far as it counts in judging; revoked statements are left out. */
export interface Statements {
  /** Waivers of some things, expired ones among them. Rejects when the state cannot be read. */
  waivers(subjects: readonly string[], context: RequestContext): Promise<readonly Waiver[]>
  /** Tier decisions on some models and reviews of them, expired ones among them, newest first. Rejects likewise. */
  statements(subjects: readonly string[], context: RequestContext): Promise<readonly Statement[]>
  /** Changes with every record. */
  version(context: RequestContext): Promise<string>
}

/** One attestation. */
export interface Statement {
  readonly id: string
  readonly subject: string
  readonly kind: string
  readonly statement: string
  readonly by: string
  readonly at: string
  readonly expiresAt: string | null
}

/** Nobody said anything. */
export const nobody: Statements = {
  waivers: async () => [],
  statements: async () => [],
  version: async () => '',
}
