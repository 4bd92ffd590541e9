import { GraphQLError } from 'graphql'
import type { Incomplete } from '#lib/common.generated.ts'
import type { RequestContext } from '#lib/context.ts'
import { canonicalId, makeId, type NodeType, parseId } from '#lib/ids.ts'
import { oldestOf, worstFirst } from '#lib/rules/finding.ts'
import type { Rule } from '#lib/rules/rule.ts'
import type { Finding, GateDecision, GateResult } from '../schema.generated.ts'
import type { ComplianceRecord } from './compliance.ts'
import type { Judging, SubjectType } from './judging.ts'

/** What a gate is asked. */
export interface GateArguments {
  readonly subject: string
  readonly policies?: readonly string[] | null | undefined
}

/** Judges one thing now. */
export interface Gate {
  /** null: it is gone, or not to be seen. Throws a GraphQLError (BAD_USER_INPUT) on what cannot be judged. */
  judge(asked: GateArguments, context: RequestContext): Promise<GateResult | null>
}

/** What the gate needs beside what judges. */
export interface GateOptions {
  readonly policies: readonly Rule[]
  /** Former ids of sources. */
  readonly renamed: ReadonlyMap<string, string>
  /** How old facts may be: what a source told before it fell silent opens no gate. */
  readonly freshSeconds: number
}

/** Makes the gate. */
export function createGate(judging: Judging, { policies, renamed, freshSeconds }: GateOptions): Gate {
  return {
    async judge({ subject, policies: named }, asking) {
      const began = Date.now()
      const { maxAgeSeconds = freshSeconds } = asking
      const context = { ...asking, maxAgeSeconds: Math.min(maxAgeSeconds, freshSeconds) }
      const { type, id, model } = subjectOf(subject, renamed)
      const types: readonly SubjectType[] = type === 'Endpoint' ? ['Endpoint'] : ['Model', 'ModelVersion']
      if (named) checkNamed(named, policies, types)
      const own = await judging.compliance(type, id, context, { anew: true })
      if (!own) return null
      const above = model === undefined ? null : await judging.alone('Model', model, context, { anew: true })
      const wanted = (finding: Finding) => named?.includes(finding.rule.id) ?? true
      // What a model has to fulfil by the version that is in production now must not keep the next one from replacing it.
      const promoting = new Set(policies.filter(({ gates }) => gates).map(({ id: policy }) => policy))
      const findings = withoutOld(
        [
          ...own.findings.filter(wanted),
          ...(above?.findings ?? []).filter((one) => wanted(one) && (named ? true : promoting.has(one.rule.id))),
        ],
        new Date(began - freshSeconds * 1_000 - LENIENCE),
      )
      const unjudged = model !== undefined && !above ? [modelGone(model)] : []
      return gateResult(id, findings, [...unjudgedOf(own), ...unjudged], new Date())
    },
  }
}

/** Milliseconds by which facts may be older than fresh ones: sources rest between two questions, and clocks differ. */
const LENIENCE = 30_000

/** What holds, or does not apply, by facts from before a moment: their source has fallen silent, so it cannot be told. Worst first. */
export function withoutOld(findings: readonly Finding[], oldest: Date): Finding[] {
  return worstFirst(
    findings.map((finding) => {
      const { outcome, asOf } = finding
      const holds = outcome === 'PASS' || outcome === 'NOT_APPLICABLE'
      if (!holds || Date.parse(asOf) >= oldest.getTime()) return finding
      const message = `What is known is from ${asOf}, and its source has not answered since: that opens no gate.`
      const incomplete = [...finding.incomplete, { source: null, reason: 'DOWN' as const, message, count: null }]
      return { ...finding, outcome: 'UNKNOWN', message, incomplete }
    }),
  )
}

/** The thing that is asked about. */
function subjectOf(
  subject: string,
  renamed: ReadonlyMap<string, string>,
): { type: SubjectType; id: string; model: string | undefined } {
  const parsed = parseId(subject, renamed)
  const type = parsed?.type
  if (!parsed || (type !== 'Model' && type !== 'ModelVersion' && type !== 'Endpoint')) {
    throw badInput(`found ${subject}, expected the id of a model, a version or an endpoint.`)
  }
  const [source = '', name = ''] = parsed.parts
  const id = canonicalId(type as NodeType, subject, renamed) ?? subject
  return { type, id, model: type === 'ModelVersion' ? makeId('Model', source, name) : undefined }
}

function checkNamed(named: readonly string[], policies: readonly Rule[], types: readonly string[]): void {
  if (named.length === 0) throw badInput('found no policies, expected at least one, or none named at all.')
  for (const id of named) {
    const policy = policies.find((one) => one.id === id)
    if (!policy) throw badInput(`found the policy ${id}, which there is not; \`policies\` lists them.`)
    if (!types.includes(policy.on)) throw badInput(`found the policy ${id}, which judges ${policy.on} and not this.`)
  }
}

const badInput = (message: string) => new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } })

const modelGone = (id: string): Incomplete => {
  const message = `The model ${id} of this version could not be judged: it is gone, or you may not see it.`
  return { source: null, reason: 'UNMATCHED', message, count: 1 }
}

/** What should have been judged and was not, beside what findings tell. */
const unjudgedOf = ({ incomplete, findings }: ComplianceRecord): Incomplete[] => {
  const told = new Set(findings.flatMap((finding) => finding.incomplete.map(({ message }) => message)))
  return incomplete.filter(({ message }) => !told.has(message))
}

/** The decision that findings lead to. Only what applies and holds, or is waived, opens a gate. */
export function gateResult(
  subject: string,
  findings: readonly Finding[],
  unjudged: readonly Incomplete[],
  now: Date,
): GateResult {
  const counting = findings.filter(({ severity, outcome }) => severity !== 'INFO' && outcome !== 'NOT_APPLICABLE')
  const of = (wanted: Finding['outcome']) => counting.filter(({ outcome }) => outcome === wanted)
  const [failed, unknown, waived] = [of('FAIL'), of('UNKNOWN'), of('WAIVED')]
  const decision: GateDecision =
    failed.length > 0
      ? 'REFUSED'
      : unknown.length > 0 || unjudged.length > 0 || counting.length === 0
        ? 'UNDECIDED'
        : 'ALLOWED'
  const judgedAt = now.toISOString()
  return {
    ...{ subject, decision, allowed: decision === 'ALLOWED', findings, judgedAt },
    reason: reasonOf(decision, { failed, unknown, waived, counting, unjudged }),
    asOf: oldestOf(
      findings.filter(({ outcome }) => outcome !== 'NOT_APPLICABLE'),
      judgedAt,
    ),
  }
}

interface Counted {
  readonly failed: readonly Finding[]
  readonly unknown: readonly Finding[]
  readonly waived: readonly Finding[]
  readonly counting: readonly Finding[]
  readonly unjudged: readonly Incomplete[]
}

function reasonOf(decision: GateDecision, { failed, unknown, waived, counting, unjudged }: Counted): string {
  const of = (some: readonly Finding[]) => `${some.length} of ${counting.length} policies`
  const ids = (some: readonly Finding[]) => [...new Set(some.map(({ rule }) => rule.id))].join(', ')
  if (decision === 'REFUSED') return `${of(failed)} ${failed.length === 1 ? 'fails' : 'fail'}: ${ids(failed)}.`
  if (decision === 'ALLOWED') {
    const lifted = waived.length > 0 ? `, ${waived.length} of them waived: ${ids(waived)}` : ''
    return `${counting.length === 1 ? 'The one policy that applies holds' : `All ${counting.length} policies that apply hold`}${lifted}.`
  }
  if (unknown.length > 0) return `${of(unknown)} cannot be told: ${ids(unknown)}.`
  return unjudged[0]?.message ?? 'No policy applies, so nothing was judged.'
}
