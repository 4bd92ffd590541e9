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

/** All that rules say, with the words that a list of them is under. */
export function findingsOf({ health, endpoints }: Evidence): { readonly title: string; readonly findings: Spot }[] {
  return [
    { title: 'Health of the model', findings: health.get('findings') },
    ...endpoints.map((endpoint) => ({
      title: `Health of ${textOf(endpoint.get('name')) ?? 'an endpoint'}`,
      findings: endpoint.get('health', 'findings'),
    })),
  ]
}

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
