import { isRecord, type Spot, textOf } from './answer.ts'
import type { Evidence } from './gather.ts'

/** A rule that judged something in a pack, and what came of it. */
export interface JudgingRule {
  readonly id: string
  readonly title: string
  readonly severity: string
  /** Of the rule's file: which wording judged. */
  readonly hash: string
  /** How often each outcome came of it. */
  readonly outcomes: Readonly<Record<string, number>>
}

/** What rules say of one thing, with the words that the list of it is under. */
export interface Judged {
  readonly title: string
  readonly findings: Spot
  /** What was judged, with what is missing in it. */
  readonly judgement: Spot
}

/** What the health rules say of the model and of each endpoint that serves it. */
export function healthOf({ health, endpoints }: Evidence): Judged[] {
  return [
    judged('Health of the model', health),
    ...endpoints.map((endpoint) => judged(`Health of ${nameOf(endpoint)}`, endpoint.get('health'))),
  ]
}

/** What the policies say of them. */
export function complianceOf({ compliance, compliances }: Evidence): Judged[] {
  return [
    judged('Compliance of the model and its versions in production', compliance),
    ...compliances.map((endpoint) => judged(`Compliance of ${nameOf(endpoint)}`, endpoint.get('compliance'))),
  ]
}

/** All that rules say. */
export const findingsOf = (evidence: Evidence): Judged[] => [...healthOf(evidence), ...complianceOf(evidence)]

const judged = (title: string, judgement: Spot): Judged => ({ title, judgement, findings: judgement.get('findings') })

const nameOf = (endpoint: Spot) => textOf(endpoint.get('name')) ?? 'an endpoint'

/** The rules that judged, each once, by id. One that judged in two wordings stands here twice. */
export function rulesOf(evidence: Evidence): readonly JudgingRule[] {
  const rules = new Map<string, JudgingRule>()
  for (const finding of findingsOf(evidence).flatMap(({ findings }) => findings.items)) {
    const rule = finding.get('rule')
    if (!isRecord(rule.value)) continue
    const [id = '', hash = ''] = [textOf(rule.get('id')), textOf(rule.get('hash'))]
    const known = rules.get(`${id} ${hash}`)
    const outcome = textOf(finding.get('outcome')) ?? 'UNKNOWN'
    rules.set(`${id} ${hash}`, {
      ...{ id, hash, title: textOf(rule.get('title')) ?? id, severity: textOf(rule.get('severity')) ?? '' },
      outcomes: { ...known?.outcomes, [outcome]: (known?.outcomes[outcome] ?? 0) + 1 },
    })
  }
  return [...rules.values()].sort((a, b) => a.id.localeCompare(b.id, 'en'))
}
