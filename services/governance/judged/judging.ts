import { createAccess } from '#lib/access.ts'
import type { Finding, Incomplete } from '#lib/common.generated.ts'
import type { Config } from '#lib/config/schema.ts'
import type { RequestContext } from '#lib/context.ts'
import type { GraphPort } from '#lib/graph.ts'
import { parseId } from '#lib/ids.ts'
import { findingsOf } from '#lib/rules/finding.ts'
import { createResults } from '#lib/rules/results.ts'
import type { Rule } from '#lib/rules/rule.ts'
import type { Thresholds } from '#lib/rules/thresholds.ts'
import { type ComplianceRecord, complianceOf } from './compliance.ts'
import { IN_PRODUCTION, type InProduction, inProductionOf } from './in-production.ts'
import type { Statements, Waiver } from './statements.ts'
import { waivingSubjects, withWaivers, withWaiversUnknown } from './waived.ts'

/** Types of the things that policies judge. */
const subjectTypes = ['Model', 'ModelVersion', 'Endpoint'] as const

/** A type of the things that policies judge. */
export type SubjectType = (typeof subjectTypes)[number]

/** What the policies say of one thing itself, before waivers. */
interface JudgedThing {
  readonly findings: readonly Finding[]
  /** Of a model: the versions that count too. */
  readonly inProduction: InProduction
}

/** How something is judged. */
interface JudgeOptions {
  /** Nothing that was judged before will do. */
  readonly anew?: boolean
}

/** What policies say of things. */
export interface Judging {
  /** Of one thing; of a model with its versions in production. null: it is gone, or not to be seen. */
  compliance(
    type: SubjectType,
    id: string,
    context: RequestContext,
    options?: JudgeOptions,
  ): Promise<ComplianceRecord | null>
  /** Of one thing alone, waivers laid over. null: it is gone, or not to be seen. */
  alone(
    type: SubjectType,
    id: string,
    context: RequestContext,
    options?: JudgeOptions,
  ): Promise<ComplianceRecord | null>
}

const nothing: InProduction = { versions: [], incomplete: [] }

/** What judging needs. */
export interface JudgingOptions {
  readonly config: Config
  readonly graph: GraphPort
  readonly thresholds: Thresholds
  readonly statements: Statements
}

/** Judges by policies; the facts come from the graph, waivers from what people stated. */
export function createJudging(
  { config, graph, thresholds, statements }: JudgingOptions,
  policies: readonly Rule[],
): Judging {
  const results = createResults<SubjectType, JudgedThing>({
    ...{ rules: policies, graph, thresholds, types: subjectTypes, what: 'compliance' },
    access: createAccess(config.access),
    index: config.index,
    beside: { Model: IN_PRODUCTION },
    version: (context) => statements.version(context),
    resultOf: (subject) => ({
      findings: findingsOf(subject.id, subject.judged, subject.now),
      inProduction: parseId(subject.id)?.type === 'Model' ? inProductionOf(subject) : nothing,
    }),
  })

  async function finished(
    things: readonly JudgedThing[],
    unjudged: readonly Incomplete[],
    context: RequestContext,
  ): Promise<ComplianceRecord> {
    const findings = things.flatMap((thing) => thing.findings)
    const subjects = [...new Set(findings.flatMap(({ subject }) => waivingSubjects(subject)))]
    const { waivers, incomplete } = await waiversOf(subjects, statements, context)
    const now = new Date()
    const laid = incomplete.length > 0 ? withWaiversUnknown(findings, incomplete) : withWaivers(findings, waivers, now)
    return complianceOf(laid, [...unjudged, ...incomplete], now)
  }

  return {
    async compliance(type, id, context, options) {
      const thing = await results.of(type, id, context, options)
      if (!thing) return null
      const { versions, incomplete } = thing.inProduction
      const others = await Promise.all(versions.map((one) => results.of('ModelVersion', one, context, options)))
      const gone = versions.filter((_, i) => others[i] === null)
      const there = others.flatMap((other) => other ?? [])
      return finished([thing, ...there], [...incomplete, ...gone.map(notJudged)], context)
    },
    async alone(type, id, context, options) {
      const thing = await results.of(type, id, context, options)
      return thing && finished([thing], [], context)
    },
  }
}

const notJudged = (id: string): Incomplete => {
  const message = `${id} is in production and could not be judged: it is gone, or you may not see it.`
  return { source: null, reason: 'UNMATCHED', message, count: 1 }
}

/** Waivers that cannot be read lift nothing, and leave open what they could lift. */
async function waiversOf(
  subjects: readonly string[],
  statements: Statements,
  context: RequestContext,
): Promise<{ waivers: readonly Waiver[]; incomplete: readonly Incomplete[] }> {
  try {
    return { waivers: await statements.waivers(subjects, context), incomplete: [] }
  } catch (error) {
    context.log.error({ err: error }, 'the waivers could not be read')
    const message =
      'The recorded waivers could not be read from the state, so that it cannot be told what is waived: ask again in a moment.'
    return { waivers: [], incomplete: [{ source: null, reason: 'DOWN', message, count: null }] }
  }
}
