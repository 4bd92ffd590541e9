import { governed } from './examples-governed.ts'
import { joints } from './examples-joints.ts'

/** A query that visitors can open, with the question it answers. */
export interface Example {
  /** The question, in words. */
  readonly title: string
  /** What to look for in the answer, in one line that is true for every company. */
  readonly story: string
  /** GraphQL document with one named operation; its name becomes the tab's title. Short lines, since the editor does not wrap. */
  readonly query: string
}

const inProduction: Example = {
  title: 'What is in production, and is that what is served?',
  story: 'The registry names a champion, the servers tell what they loaded. Look for a difference.',
  query: `# Declared: champion.version. What really
# runs: served.nodes.version. Are they
# equal? incomplete: who was not asked.
query InProduction {
  models(where: { hasChampion: true }) {
    nodes {
      name
      champion {
        version
        servedBy {
          nodes {
            servedModel {
              state
              endpoint {
                name
                environment
              }
            }
            link { method evidence }
          }
          incomplete { reason message }
        }
      }
      served {
        nodes {
          version
          servedModel {
            state
            stateMessage
            endpoint {
              name
              environment
            }
          }
        }
        incomplete { reason message }
      }
      provenance {
        source { id title }
        fetchedAt
        stale
      }
    }
    pageInfo { hasNextPage endCursor }
    incomplete { source reason message }
  }
}
`,
}

const unknownServed: Example = {
  title: 'Endpoints that serve a model no registry knows',
  story: 'Look for origins without nodes and with nothing incomplete: nobody registered that model.',
  query: `# No origins.nodes, nothing incomplete:
# no registry knows what is served here.
# Something incomplete: it is not known.
query UnknownServed {
  endpoints {
    nodes {
      name
      environment
      served {
        name
        version
        state
        declared {
          modelName
          modelVersion
          link { method evidence }
        }
        origins {
          nodes {
            modelVersion {
              version
              model { name }
            }
            link { method evidence }
          }
          incomplete { reason message }
        }
      }
    }
    pageInfo { hasNextPage endCursor }
    incomplete { source reason message }
  }
}
`,
}

const unowned: Example = {
  title: 'Models nobody owns',
  story: 'Look for owners: null, where no tag and no configuration names a team or person.',
  query: `# owners: null means that nothing says
# who answers for it.
query Unowned {
  models {
    nodes {
      name
      owners { name kind evidence }
      description
      tags { key value }
      champion { version }
      updatedAt
    }
    pageInfo { hasNextPage endCursor }
    incomplete { source reason message }
  }
}
`,
}

const championToRun: Example = {
  title: 'From champion to run: data, code, parameters',
  story: 'How the champion was made. Look for code without a sha: nobody can tell its source.',
  query: `# code: null or without a sha: nobody
# can tell from which source it was made.
query ChampionToRun {
  models(
    first: 10
    where: { hasChampion: true }
  ) {
    nodes {
      name
      champion {
        version
        runId
        run {
          name
          status
          deleted
          user
          startedAt
          durationSeconds
          inputs { name context digest }
          code {
            repositoryUrl
            sha
            branch
            entryPoint
          }
          parameters { key value }
          metrics { name text }
        }
      }
    }
    pageInfo { hasNextPage endCursor }
    incomplete { source reason message }
  }
}
`,
}

const sources: Example = {
  title: 'Which tools answer, and which do not?',
  story: 'Every configured tool with its state, as the requests so far have seen it.',
  query: `# The state is what requests saw so far.
# UNKNOWN: nobody has asked it yet.
query Sources {
  sources {
    id
    kind
    title
    status {
      state
      message
      version
      latencyMilliseconds
      lastSuccessAt
      lastFailureAt
    }
  }
}
`,
}

const inStaging: Example = {
  title: 'What is waiting in staging',
  story: 'Look for the stage Staging or an alias such as staging, and how old createdAt is.',
  query: `# Staging is a stage (older registries)
# or an alias. How old is createdAt?
query InStaging {
  models(orderBy: UPDATED_DESC) {
    nodes {
      name
      champion { version }
      versions(first: 20) {
        nodes {
          version
          stage
          aliases
          status
          createdAt
          createdBy
        }
        incomplete { reason message }
      }
    }
    pageInfo { hasNextPage endCursor }
    incomplete { source reason message }
  }
}
`,
}

const impact: Example = {
  title: 'If this table breaks, what is hit, and whom do I tell?',
  story: 'From a table over runs and versions to endpoints and decisions. Versions that nobody uses are only counted.',
  query: `# The id names the table as every tool
# would: OpenLineage namespace and name.
query Impact {
  impact(
    of: "Dataset:s3%3A%2F%2Fbank-lakehouse:external%2Fbureau%2Fscores.parquet"
  ) {
    versions { label }
    models { label }
    endpoints { type label }
    others { type label }
    owners { name kind evidence }
    retiredVersions
    undecidedVersions
    incomplete { source reason message }
  }
}
`,
}

const lineage: Example = {
  title: 'What is this version made from, and on what evidence?',
  story: 'Every step with how it is known: DECLARED by a tool, MATCHED by a rule, or only GUESSED.',
  query: `# Walked over all tools. truncated and
# incomplete say where it stops, and why.
query Lineage {
  lineage(
    of: "ModelVersion:mlflow:card-fraud:5"
    depth: 6
  ) {
    nodes {
      depth
      type
      label
      truncated
      incomplete { source reason }
    }
    edges {
      from
      to
      field
      link { method confidence evidence }
    }
    incomplete { source reason message }
  }
}
`,
}

const drifting: Example = {
  title: 'Which models drift, and since when?',
  story: 'Look for breached: true and its since; state tells a measured value from a stale one and from no number.',
  query: `# No nodes and nothing incomplete:
# nobody publishes drift of this model.
query Drift {
  models(where: { hasChampion: true }) {
    nodes {
      name
      owners { name }
      drift {
        nodes {
          name
          kind
          feature
          state
          value
          threshold
          breached
          since
        }
        incomplete { reason message }
      }
      monitoring { traffic errors latency drift alerts }
    }
    pageInfo { hasNextPage endCursor }
    incomplete { source reason message }
  }
}
`,
}

const alerting: Example = {
  title: 'Open alerts, and whose models they are about',
  story: 'Look for the owners of the models that an alert names; SUPPRESSED ones are known to somebody.',
  query: `# models.nodes empty: its labels name
# no model of a registry.
query Alerts {
  alerts {
    nodes {
      name
      severity
      state
      summary
      startedAt
      silences { comment createdBy endsAt }
      models {
        nodes {
          model { name owners { name } }
          link { method evidence }
        }
        incomplete { reason message }
      }
      webUrl
    }
    pageInfo { hasNextPage endCursor }
    incomplete { source reason message }
  }
}
`,
}

const personalData: Example = {
  title: 'Personal data, and the models behind it',
  story: 'Datasets that a catalog marks as PII, what is made from them, and which models were trained on that.',
  query: `# Look at downstream: a table that is not
# marked can be made from one that is.
query PersonalData {
  datasets(where: { classification: "PII" }) {
    nodes {
      namespace
      name
      classifications
      owners { name evidence }
      records { catalogId }
      usedByRuns { nodes { ...Trained } }
      downstream(depth: 5) {
        nodes {
          depth
          jobs { name }
          dataset {
            name
            usedByRuns { nodes { ...Trained } }
          }
        }
        incomplete { source reason message }
      }
    }
    incomplete { source reason message }
  }
}
fragment Trained on DatasetUse {
  run {
    producedVersions {
      version
      model { name domain }
    }
  }
}
`,
}

const standsOn: Example = {
  title: 'What people work with, and what it stands on',
  story: 'Each application with its endpoints, models and datasets. Look for one whose model is not served.',
  query: `# thing: null where it is gone, or could
# not be had now.
query StandsOn {
  applications {
    nodes {
      name
      kind
      criticality
      owners { name kind }
      dependsOn {
        nodes {
          thingId
          thing {
            ... on Model {
              name
              served { nodes { version } }
            }
            ... on Endpoint { environment state }
            ... on Dataset {
              name
              quality { status failed }
            }
          }
          link { method evidence }
        }
      }
    }
    incomplete { source reason message }
  }
}
`,
}

const reviewed: Example = {
  title: 'Was the code in production reviewed?',
  story: 'Look for pullRequests without nodes, and for independentlyApproved: false.',
  query: `# No nodes, nothing incomplete: pushed
# without a pull request. commit: null:
# see codeIncomplete, or run.code is null.
query Reviewed {
  models(
    first: 20
    where: { hasChampion: true }
  ) {
    nodes {
      name
      champion {
        version
        run {
          commit {
            repositoryUrl
            sha
            author
            checkStatus
            pullRequests {
              nodes {
                number
                author
                approvals { by at }
                independentlyApproved
              }
              incomplete { reason message }
            }
          }
          commitLink { method evidence }
          codeIncomplete { reason message }
        }
      }
    }
    pageInfo { hasNextPage endCursor }
    incomplete { source reason message }
  }
}
`,
}

const trainedInCi: Example = {
  title: 'Which models came out of which CI run?',
  story: 'From a CI run to the training runs it started and the versions they produced.',
  query: `# A training run is found by the URL it
# recorded, or by commit and time: see
# pipelineRunLink.
query TrainedInCi {
  pipelineRuns(first: 20) {
    nodes {
      name
      status
      startedAt
      webUrl
      commit { repositoryUrl sha }
      trainingRuns {
        nodes {
          name
          producedVersions {
            version
            model { name }
          }
          pipelineRunLink {
            method
            confidence
            evidence
          }
        }
      }
    }
    pageInfo { hasNextPage endCursor }
    incomplete { source reason message }
  }
}
`,
}

const isAllWell: Example = {
  title: 'Is all well with what is in production?',
  story: 'Health in one word and one sentence. Look for UNKNOWN: something that decides is not known.',
  query: `# What the rules say, worst first.
# UNKNOWN is not well: see incomplete.
query IsAllWell {
  models(where: { hasChampion: true }) {
    nodes {
      name
      owners { name }
      health {
        status
        summary
        findings(outcomes: [FAIL, UNKNOWN]) {
          rule { title remedy }
          outcome
          severity
          message
          evidence { path value source }
        }
        asOf
      }
    }
    pageInfo { hasNextPage endCursor }
    incomplete { source reason message }
  }
}
`,
}

const howDelivered: Example = {
  title: 'How long from training to production, by domain?',
  story: 'Median and ninth decile of each stage, deployments, failures. Look for the stage that takes longest.',
  query: `# Seconds. sampleSize: what a figure
# rests on; censored: what it leaves out,
# since an end of it was not observed.
query HowDelivered {
  deliveryMetrics(days: 730, groupBy: DOMAIN) {
    group
    productionShare { value numerator denominator }
    totalLeadTimeSeconds { median p90 sampleSize censored }
    leadTime {
      stage
      seconds { median p90 sampleSize censored }
    }
    deploymentsPerWeek
    changeFailRate { value numerator denominator }
    timeToRestoreSeconds { median sampleSize }
    retrainingGapSeconds { median sampleSize }
    modelAgeSeconds { median sampleSize }
    firstObservationAt
    incomplete { source reason message }
  }
}
`,
}

const stalled: Example = {
  title: 'Which versions wait, and for what?',
  story: 'Versions that no later one has overtaken, longest first, with the stage whose end they wait for.',
  query: `# stage: what it waits for the end of.
query Stalled {
  stalledVersions(days: 10) {
    nodes {
      stage
      since
      waitedSeconds
      modelVersion {
        version
        model {
          name
          owners { name }
        }
      }
    }
    totalCount
    incomplete { source reason message }
  }
}
`,
}

const whatChanged: Example = {
  title: 'What changed between the last two versions in production?',
  story: 'Parameters, metrics, data, code, signature. predecessor: what a rollback would return to.',
  query: `# predecessor null: none was before, or
# nobody watched then.
query WhatChanged {
  models(where: { hasChampion: true }) {
    nodes {
      name
      champion {
        version
        predecessor { version }
        changes {
          changes { aspect name before after }
          incomplete { reason message }
        }
        leadTime {
          totalSeconds
          stages { stage seconds }
          promotedAt
        }
      }
    }
    pageInfo { hasNextPage endCursor }
    incomplete { source reason message }
  }
}
`,
}

const onThatDay: Example = {
  title: 'Which version was in production on that day?',
  story: 'By declaration and in fact. Look for known: false, where nobody can know.',
  query: `# Put another moment in.
query OnThatDay {
  models(where: { hasChampion: true }) {
    nodes {
      name
      productionAt(at: "2026-10-01T12:00:00Z") {
        known
        modelVersion { version }
        served { version }
        observedAt
        precisionSeconds
        firstObservationAt
      }
    }
    pageInfo { hasNextPage endCursor }
    incomplete { source reason message }
  }
}
`,
}

const happened: Example = {
  title: 'What happened lately?',
  story: 'What was seen to change, newest first, and how late it may have been seen. Ask again with since.',
  query: `# It happened at most precisionSeconds
# before at. To be told without asking:
# notifications in the configuration.
query Happened {
  observations(
    first: 20
    where: {
      kinds: [
        CHAMPION_CHANGED
        SERVED_CHANGED
        STATE_CHANGED
        HEALTH_CHANGED
      ]
    }
  ) {
    nodes {
      at
      kind
      subject
      model { name }
      before
      after
      by
      source
      precisionSeconds
      initial
    }
    totalCount
    pageInfo { hasNextPage endCursor }
    incomplete { source reason message }
  }
}
`,
}

/** The queries GraphiQL offers, in the order of its list; the first one is open when a visitor comes. */
export const examples: readonly [Example, ...Example[]] = [
  inProduction,
  unknownServed,
  unowned,
  championToRun,
  sources,
  inStaging,
  lineage,
  impact,
  drifting,
  alerting,
  personalData,
  standsOn,
  reviewed,
  trainedInCi,
  isAllWell,
  howDelivered,
  stalled,
  whatChanged,
  onThatDay,
  happened,
  ...governed,
  ...joints,
]
