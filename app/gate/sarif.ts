import type { Finding } from '#lib/common.generated.ts'
import type { GateAnswer, GateProblem } from './answer.ts'

const levels = { CRITICAL: 'error', WARNING: 'warning', INFO: 'note' } as const
const kinds = { FAIL: 'fail', WAIVED: 'fail', UNKNOWN: 'open', PASS: 'pass', NOT_APPLICABLE: 'notApplicable' } as const

/** The decision as a SARIF 2.1.0 log: a result for each finding, waived ones suppressed. */
export function gateSarif(answer: GateAnswer | GateProblem): object {
  const findings = 'problem' in answer ? [] : answer.findings
  const rules = [...new Map(findings.map(({ rule }) => [rule.id, rule])).values()]
  const positions = new Map(rules.map(({ id }, i) => [id, i]))
  const severities = new Map(findings.map(({ rule, severity }) => [rule.id, severity]))
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'modelops gate',
            rules: rules.map(({ id, title, description, remedy, why, clauses, hash }) => ({
              id,
              shortDescription: { text: title },
              fullDescription: { text: why ?? description ?? title },
              help: { text: remedy ?? description ?? title },
              defaultConfiguration: { level: levels[severities.get(id) ?? 'WARNING'] },
              properties: { hash, clauses },
            })),
          },
        },
        invocations: [invocationOf(answer)],
        results: findings.map((finding) => resultOf(finding, positions.get(finding.rule.id) ?? 0)),
      },
    ],
  }
}

function invocationOf(answer: GateAnswer | GateProblem): object {
  if ('problem' in answer) {
    const notification = { level: 'error', message: { text: answer.problem } }
    return { executionSuccessful: false, toolExecutionNotifications: [notification] }
  }
  const { decision, reason, subject, recordId, asOf, judgedAt } = answer
  // That something could not be judged must not look like a run without results.
  const told = decision === 'ALLOWED' ? [] : [{ level: 'warning', message: { text: `${decision}: ${reason}` } }]
  return {
    executionSuccessful: decision !== 'UNDECIDED',
    endTimeUtc: judgedAt,
    toolExecutionNotifications: told,
    properties: { decision, reason, subject, recordId, asOf },
  }
}

function resultOf(finding: Finding, ruleIndex: number): object {
  const { outcome, severity, message, rule, subject, waivedReason, waivedBy, waivedUntil } = finding
  const kind = kinds[outcome]
  return {
    ...{ ruleId: rule.id, ruleIndex, kind, message: { text: message } },
    // Of what is no failure, the standard wants no level.
    level: kind === 'fail' ? levels[severity] : 'none',
    locations: [
      {
        // A model stands in no file; code scanners show nothing without one.
        physicalLocation: { artifactLocation: { uri: `modelops/${encodeURIComponent(subject)}` } },
        logicalLocations: [{ fullyQualifiedName: subject, kind: 'resource' }],
      },
    ],
    partialFingerprints: { 'policyAndSubject/v1': `${rule.id}:${subject}` },
    ...(outcome === 'WAIVED' && {
      suppressions: [
        {
          kind: 'external',
          status: 'accepted',
          justification: `${waivedReason} (${waivedBy}, until ${waivedUntil})`,
        },
      ],
    }),
  }
}
