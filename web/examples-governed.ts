import type { Example } from './examples.ts'

// What is asked of what is judged, and of what people said: risk, compliance, delivery.

const usedFor: Example = {
  title: 'What is AI used for here, and who answers for it?',
  story: 'Use cases as the risk officer declared them, with their models and whether these comply.',
  query: `# status: PROPOSED, ACTIVE or RETIRED.
query UsedFor {
  useCases {
    nodes {
      name
      domain
      owner
      status
      models {
        name
        champion { version }
        compliance { status }
      }
    }
    totalCount
    incomplete { source reason message }
  }
  deliveryMetrics(groupBy: DOMAIN) {
    group
    productionShare { numerator denominator }
  }
}
`,
}

const slowTeams: Example = {
  title: 'Which teams take longest, and where is the wait?',
  story: 'Three months are 7,776,000 seconds. The wait is the stage with the largest median.',
  query: `# Seconds. Stages do not add up to the
# total: a median of sums is no sum.
query SlowTeams {
  deliveryMetrics(days: 730, groupBy: OWNER) {
    group
    totalLeadTimeSeconds { median p90 sampleSize censored }
    leadTime {
      stage
      seconds { median sampleSize }
    }
    firstObservationAt
    incomplete { source reason message }
  }
}
`,
}

const debt: Example = {
  title: 'Model debt: unowned, undocumented, unused, outdated',
  story: 'Each failed finding is one piece of debt, with what to do about it. Unused is what gets no requests.',
  query: `# UNKNOWN is in incomplete, not here.
query Debt {
  policyFindings(
    first: 100
    outcome: [FAIL]
    rule: [
      "owner-active"
      "purpose-stated"
      "documentation-current"
      "age-within-limit"
    ]
  ) {
    nodes {
      subject
      rule { title remedy }
      message
    }
    totalCount
    incomplete { source reason message }
  }
  unused: models(where: { hasChampion: true }) {
    nodes {
      name
      served {
        nodes {
          servedModel {
            traffic(windowSeconds: 86400) {
              requestsPerSecond
            }
          }
        }
        incomplete { reason message }
      }
    }
    incomplete { source reason message }
  }
}
`,
}

const overdue: Example = {
  title: 'Which models are overdue for retraining?',
  story: 'By the age that the tier of each allows; UNKNOWN where tier or run are not known.',
  query: `# Ages in seconds, of all champions.
query Overdue {
  policyFindings(rule: ["age-within-limit"]) {
    nodes {
      subject
      outcome
      message
      evidence { path value }
    }
    incomplete { source reason message }
  }
  deliveryMetrics(days: 730, groupBy: DOMAIN) {
    group
    modelAgeSeconds { median p90 sampleSize censored }
    retrainingGapSeconds { median sampleSize }
  }
}
`,
}

const validated: Example = {
  title: 'Which models in production lack an independent validation?',
  story: 'FAIL: none that counts. UNKNOWN: whether who validated it had a part in it cannot be told.',
  query: `# attestations: all, revoked ones too.
query Validated {
  models(where: { hasChampion: true }) {
    nodes {
      name
      risk { tier }
      champion {
        version
        attestations {
          kind
          byName
          independent
          independenceEvidence
          expiresAt
          revokedAt
          revocationReason
        }
      }
      compliance {
        findings(
          rules: ["independent-validation"]
          outcomes: [FAIL, UNKNOWN]
        ) { subject outcome message }
      }
    }
    pageInfo { hasNextPage endCursor }
    incomplete { source reason message }
  }
}
`,
}

const approved: Example = {
  title: 'Who approved this version, when, on what evidence?',
  story: 'What was attested here, and who approved the code at the forge.',
  query: `# Put the id of another version in.
query Approved {
  modelVersion(
    id: "ModelVersion:mlflow:card-fraud:5"
  ) {
    version
    attestations {
      kind
      byName
      by
      at
      statement
      evidenceUrl
      expiresAt
      independent
      independenceEvidence
      revokedAt
    }
    run {
      commit {
        pullRequests {
          nodes {
            number
            author
            approvals { by at }
            mergedBy
            mergedAt
          }
          incomplete { source reason message }
        }
      }
    }
  }
}
`,
}

const tiers: Example = {
  title: 'The risk tier of each model, under each framework',
  story: 'What a person decided counts. Look for overtaken: the facts of now propose a stricter tier.',
  query: `# tier null: it cannot be told, and the
# reason of a framework says why.
query Tiers {
  models {
    nodes {
      name
      domain
      risk {
        tier
        decided
        overtaken
        proposedTier
        evidence
        frameworks { framework tier reason }
        incomplete { source reason message }
      }
    }
    pageInfo { hasNextPage endCursor }
    incomplete { source reason message }
  }
}
`,
}

const controls: Example = {
  title: 'Which controls fail, and which can only not be told?',
  story: 'Compliance of each model in production, worst first. UNKNOWN names who was silent.',
  query: `# WAIVED: somebody answers for it, until
# a date. Clauses without policies can be
# judged by no query.
query Controls {
  models(where: { hasChampion: true }) {
    nodes {
      name
      compliance {
        status
        summary
        passed
        failed
        unknown
        waived
        findings(outcomes: [FAIL, UNKNOWN, WAIVED]) {
          rule { title severity clauses remedy }
          subject
          outcome
          message
          waivedUntil
          waivedBy
          waivedReason
        }
        asOf
        incomplete { source reason message }
      }
    }
    pageInfo { hasNextPage endCursor }
    incomplete { source reason message }
  }
  packs {
    title
    source
    publishedAt
    note
    clauses {
      id
      title
      policies { id }
      notJudged
    }
  }
}
`,
}

const gates: Example = {
  title: 'May this version go into production?',
  story: 'One is allowed, one refused, one cannot be judged. Nothing is recorded: that is what recordGate is for.',
  query: `# A CI job asks it: modelops gate.
query Gates {
  allowed: gate(
    subject: "ModelVersion:mlflow-treasury:liquidity-forecast:3"
  ) { ...Decision }
  refused: gate(
    subject: "ModelVersion:mlflow:credit-limit:4"
  ) { ...Decision }
  undecided: gate(
    subject: "ModelVersion:mlflow:card-fraud:5"
  ) { ...Decision }
}
fragment Decision on GateResult {
  decision
  reason
  findings {
    outcome
    severity
    message
    rule { title remedy }
    waivedUntil
  }
  judgedAt
}
`,
}

const whoDidWhat: Example = {
  title: 'Who said and changed what, and when?',
  story: 'What people recorded, each entry with its hash, and what tools were seen to change.',
  query: `# recordedAt is when the chain got it.
query WhoDidWhat {
  audit(
    first: 20
    subject: "ModelVersion:mlflow:churn:3"
  ) {
    nodes {
      sequence
      at
      recordedAt
      actor
      action
      detail
      hash
      previousHash
    }
    totalCount
    incomplete { source reason message }
  }
  observations(
    first: 20
    where: { subject: "Model:mlflow:churn" }
  ) {
    nodes {
      at
      kind
      before
      after
      by
      source
      precisionSeconds
    }
    incomplete { source reason message }
  }
}
`,
}

const written: Example = {
  title: 'Which model cards are missing?',
  story: 'Versions in production of which nothing is written in the registry, and what is written of the others.',
  query: `# Registries do not tell when a text was
# written: one that was carried over from
# the version before passes.
query Written {
  policyFindings(rule: ["documentation-current"]) {
    nodes {
      subject
      outcome
      message
      rule { remedy }
    }
    totalCount
    incomplete { source reason message }
  }
  models(where: { hasChampion: true }) {
    nodes {
      name
      champion { version createdAt description }
    }
    incomplete { source reason message }
  }
}
`,
}

const due: Example = {
  title: 'Which reviews are due, and what runs out?',
  story: 'Look for NEVER_REVIEWED and OVERDUE, and for waivers and approvals that end before the date.',
  query: `# Put another date in. What ended before
# it was asked is among them, too.
query Due {
  models(where: { hasChampion: true }) {
    nodes {
      name
      owners { name }
      review {
        state
        everyDays
        lastAt
        dueAt
        incomplete { source reason message }
      }
    }
    pageInfo { hasNextPage endCursor }
    incomplete { source reason message }
  }
  attestations(expiringBefore: "2099-01-01T00:00:00Z") {
    nodes {
      kind
      byName
      expiresAt
      revokedAt
      subjectId
    }
    totalCount
    incomplete { source reason message }
  }
  waivers(expiringBefore: "2099-01-01T00:00:00Z") {
    nodes {
      policy
      reason
      byName
      expiresAt
      revokedAt
      subjectId
    }
    totalCount
    incomplete { source reason message }
  }
}
`,
}

const evidence: Example = {
  title: 'A dated evidence pack of this model',
  story: 'Open the address: a zip with a report to print, every fact, the hashes, and a bill of materials.',
  query: `# null: gateway.publicUrl is not set.
query Evidence {
  model(id: "Model:mlflow-treasury:liquidity-forecast") {
    name
    evidencePackUrl
    compliance {
      status
      summary
      asOf
      incomplete { source reason message }
    }
  }
}
`,
}

const hidden: Example = {
  title: 'What was hidden from me?',
  story: 'Look for the reason FORBIDDEN; count is null where a tool leaves things out without a word.',
  query: `# Nothing with FORBIDDEN: you see it all.
query Hidden {
  models {
    totalCount
    incomplete { source reason count message }
  }
  endpoints {
    totalCount
    incomplete { source reason count message }
  }
  datasets {
    totalCount
    incomplete { source reason count message }
  }
  pipelineRuns {
    totalCount
    incomplete { source reason count message }
  }
  attestations {
    totalCount
    incomplete { source reason count message }
  }
  sources {
    id
    status { state message }
  }
}
`,
}

/** Examples about what is judged and said. */
export const governed: readonly Example[] = [
  usedFor,
  controls,
  gates,
  tiers,
  validated,
  approved,
  due,
  written,
  overdue,
  debt,
  slowTeams,
  whoDidWhat,
  evidence,
  hidden,
]
