import { createHash } from 'node:crypto'
import type { RequestContext } from '#lib/context.ts'
import { ruleRecord } from '#lib/rules/finding.ts'
import type { Rule } from '#lib/rules/rule.ts'
import { keyReused } from '#lib/state/error.ts'
import type { Entry, JsonObject, NewEntry, State } from '#lib/state/port.ts'
import { fromState } from '../recorded/refusals.ts'
import type { Finding, GateResult } from '../schema.generated.ts'
import type { Gate, GateArguments } from './gate.ts'

/** Decisions of the gate that are kept. */
export interface GateRecords {
  /** Judges and appends the decision. null: there is no such thing to be seen, and nothing is recorded. */
  record(asked: GateArguments, context: RequestContext): Promise<GateResult | null>
}

/** What is kept of a finding: enough to tell later what was decided, by which wording, on what. */
type KeptFinding = Pick<Finding, 'subject' | 'outcome' | 'severity' | 'message' | 'asOf' | 'evidence' | 'incomplete'> &
  Pick<Finding, 'waivedUntil' | 'waivedBy' | 'waivedReason'> & { readonly rule: string; readonly hash: string }

/** Makes the records over the state. */
export function createGateRecords(gate: Gate, state: State, policies: readonly Rule[]): GateRecords {
  return {
    async record(asked, context) {
      const { idempotencyKey, caller } = context
      const deduplicationKey =
        idempotencyKey === undefined ? undefined : JSON.stringify(['recordGate', caller.subject, idempotencyKey])
      const fingerprint = createHash('sha256')
        .update(JSON.stringify([asked.subject, asked.policies?.toSorted() ?? null]))
        .digest('hex')
      if (deduplicationKey !== undefined) {
        const [known] = await fromState(context, async () => {
          const { entries } = await state.read({ deduplicationKeys: [deduplicationKey] }, { first: 1 })
          if (entries[0] && entries[0].fingerprint !== fingerprint) throw keyReused()
          return entries
        })
        if (known) return resultOf(known, policies)
      }
      const result = await gate.judge(asked, context)
      if (!result) return null
      const decided: NewEntry = {
        ...{ kind: 'gate', subject: result.subject, actor: caller.subject, content: contentOf(result, asked) },
        ...(deduplicationKey !== undefined && { deduplicationKey, fingerprint }),
      }
      const [entry] = await fromState(context, () => state.append([decided]))
      // Two that came at once with one key: the first one's decision is that of both.
      return entry ? resultOf(entry, policies) : null
    },
  }
}

function contentOf(result: GateResult, { policies }: GateArguments): JsonObject {
  const { decision, reason, asOf, judgedAt } = result
  const findings = result.findings.map(({ rule, ...finding }): KeptFinding => {
    return { ...finding, rule: rule.id, hash: rule.hash }
  })
  const content = { decision, reason, asOf, judgedAt, policies: policies ?? null, findings }
  // Without what is undefined, which JSON does not have.
  return JSON.parse(JSON.stringify(content)) as JsonObject
}

/** The decision as it was recorded; a policy that is gone since is shown by its id. */
function resultOf({ id, subject = '', content }: Entry, policies: readonly Rule[]): GateResult {
  const kept = content as unknown as Pick<GateResult, 'decision' | 'reason' | 'asOf' | 'judgedAt'> & {
    readonly findings: readonly KeptFinding[]
  }
  const { decision, reason, asOf, judgedAt } = kept
  return {
    ...{ subject, decision, reason, asOf, judgedAt, allowed: decision === 'ALLOWED', recordId: id },
    findings: kept.findings.map(({ rule, hash, ...finding }) => ({
      ...finding,
      rule: ruleOf(rule, hash, finding, policies),
    })),
  }
}

function ruleOf(
  id: string,
  hash: string,
  { severity }: Pick<Finding, 'severity'>,
  policies: readonly Rule[],
): Finding['rule'] {
  const known = policies.find((policy) => policy.id === id)
  if (known) return { ...ruleRecord(known), hash }
  const gone = { title: id, description: 'This policy is not in use any more.', appliesTo: '', clauses: [] }
  return { id, hash, severity, why: null, remedy: null, ...gone }
}
