import type { Example } from './examples.ts'

// Queries that cross from one kind of tool to the next, from the endpoint backwards and forwards.

const dataBehind: Example = {
  title: 'Which data trained what this endpoint serves?',
  story: 'From what is served over version and run to datasets. Look at the evidence of each joint.',
  query: `# dataset: null where what the run read
# has no name, such as a file on a disk.
query DataBehind {
  endpoint(id: "Endpoint:triton:server") {
    name
    served {
      name
      version
      origins {
        nodes {
          link { method evidence }
          modelVersion {
            version
            run {
              inputs {
                name
                context
                digest
                dataset { namespace name }
                link {
                  method
                  confidence
                  evidence
                }
              }
            }
          }
        }
        incomplete { source reason }
      }
    }
  }
}
`,
}

const codeBehind: Example = {
  title: 'Which commit, review and CI run made what this endpoint serves?',
  story: 'Look for a commit without pull requests, and for a CI run that is only MATCHED by its time.',
  query: `# commit: null where nothing recorded it.
query CodeBehind {
  endpoint(id: "Endpoint:triton:server") {
    served {
      name
      origins {
        nodes {
          modelVersion {
            version
            run {
              user
              commit {
                repositoryUrl
                sha
                author
                onProtectedBranch
                checkStatus
                pullRequests {
                  nodes {
                    number
                    title
                    approvals { by at }
                    independentlyApproved
                    mergedBy
                  }
                  incomplete { source reason }
                }
              }
              commitLink { method evidence }
              pipelineRun {
                name
                status
                webUrl
              }
              pipelineRunLink {
                method
                confidence
                evidence
              }
            }
          }
        }
        incomplete { source reason }
      }
    }
  }
}
`,
}

const dependsOnModel: Example = {
  title: 'What depends on this model?',
  story: 'Applications by the walk downstream, and as they are declared on the model itself.',
  query: `# others holds applications and use
# cases; owners are whom to tell.
query DependsOnModel {
  impact(of: "Model:mlflow:loan-default") {
    endpoints { type label depth }
    others {
      type
      label
      depth
      node {
        ... on Application {
          kind
          criticality
          domain
          owners { name }
        }
        ... on UseCase { status owner }
      }
    }
    owners { name kind }
    incomplete { source reason }
  }
  model(id: "Model:mlflow:loan-default") {
    applications {
      nodes {
        application { name criticality }
        link { method evidence }
      }
      incomplete { source reason }
    }
    useCases { name status owner }
  }
}
`,
}

const inferred: Example = {
  title: 'Which links are only inferred, and on what evidence?',
  story: 'Look for the methods MATCHED and GUESSED; link: null is one tool’s own word.',
  query: `# DECLARED: a tool says so. MATCHED: by
# a rule. GUESSED: the names are alike.
query Inferred {
  lineage(
    of: "ModelVersion:mlflow:churn:4"
    direction: BOTH
    depth: 6
  ) {
    edges {
      from
      to
      field
      link { method confidence evidence }
    }
    nodes { id type label }
    incomplete { source reason }
  }
}
`,
}

const stops: Example = {
  title: 'Where does lineage stop, and why?',
  story: 'Look for incomplete at a node: a source that is silent, a thing that is gone, a bound that cut.',
  query: `# This version's run is gone with the
# server that had it.
query Stops {
  lineage(
    of: "Model:mlflow:collections-priority"
    direction: UPSTREAM
    depth: 10
  ) {
    nodes {
      type
      label
      depth
      truncated
      incomplete {
        source
        reason
        message
        count
      }
    }
    incomplete { source reason message }
  }
}
`,
}

const tested: Example = {
  title: 'Was the data tested before the last training?',
  story: 'How the checks stood when the run started. Look for one that had failed, and passes by now.',
  query: `# quality: null where no catalog tests
# it, or none tells how it stood then.
query Tested {
  models {
    nodes {
      name
      latestVersion {
        version
        run {
          startedAt
          inputQuality {
            dataset {
              name
              upstream(depth: 5) {
                nodes {
                  dataset {
                    name
                    quality { ...Tests }
                  }
                }
                incomplete { source reason }
              }
            }
            quality { ...Tests }
          }
        }
      }
    }
    incomplete { source reason message }
  }
}
fragment Tests on DataQuality {
  status
  passed
  failed
  lastRunAt
  checks { name status message }
}
`,
}

const servesChampion: Example = {
  title: 'Does this endpoint serve what the registry calls production?',
  story: 'Compare the id of each version that is served with the id of its model’s champion.',
  query: `# Equal ids: it does. champion: null:
# the registry calls none production.
query ServesChampion {
  endpoint(id: "Endpoint:triton:server") {
    health {
      status
      summary
    }
    served {
      name
      version
      origins {
        nodes {
          modelVersion {
            id
            version
            model {
              name
              champion { id version }
              health {
                findings(
                  rules: ["champion-is-served"]
                ) {
                  outcome
                  message
                }
              }
            }
          }
          link { method confidence }
        }
        incomplete { source reason }
      }
    }
  }
}
`,
}

const whoMonitors: Example = {
  title: 'Who monitors their models, and who exposes nothing?',
  story: 'false is nobody measures it; null is that nobody could be asked, which is not the same.',
  query: `# Group by owner: a row of false is a
# team that exposes nothing.
query WhoMonitors {
  models(where: { hasChampion: true }) {
    nodes {
      name
      owners { name kind }
      monitoring {
        traffic
        latency
        errors
        drift
        alerts
        incomplete { source reason }
      }
    }
    pageInfo { hasNextPage endCursor }
    incomplete { source reason message }
  }
}
`,
}

const freshness: Example = {
  title: 'How fresh is each answer, and who failed?',
  story: 'State per source, age per row. stale: true is what was known before the source fell silent.',
  query: `# A request can bound the age: header
# Cache-Control: max-age=60, or no-cache.
query Freshness {
  sources {
    id
    kind
    status {
      state
      message
      lastSuccessAt
      lastFailureAt
    }
  }
  models {
    nodes {
      name
      provenance {
        source { id }
        fetchedAt
        ageSeconds
        stale
      }
    }
    pageInfo { hasNextPage endCursor }
    incomplete { source reason message }
  }
}
`,
}

const claimed: Example = {
  title: 'What does each tool say of a model, and where do they differ?',
  story: 'Owners and domain that count, and who says so. Look for disagreements.',
  query: `# owners: null where nobody tells, unless
# claims { incomplete } names a catalog
# that could.
query Claimed {
  models(first: 20) {
    nodes {
      name
      domain
      owners { name evidence }
      claims {
        nodes {
          sourceId
          name
          domain
          owners { name active }
          link { method evidence }
        }
        disagreements {
          field
          told { sourceId value }
        }
        incomplete { source reason message }
      }
    }
    incomplete { source reason message }
  }
}
`,
}

const guessed: Example = {
  title: 'What may a run have read of which it recorded no place?',
  story: 'A name that one dataset alone has is a guess; two of a name, or none, are told in incomplete.',
  query: `# Say in the configuration (datasets)
# what these are, and they are guesses
# no more.
query Guessed {
  models {
    nodes {
      name
      latestVersion {
        run {
          inputs { name location }
          inputGuesses {
            nodes {
              name
              dataset { namespace name }
              link { method evidence }
            }
            incomplete { reason message }
          }
        }
      }
    }
    incomplete { source reason message }
  }
}
`,
}

/** Examples from endpoint to data and code, and from model to what stands on it. */
export const joints: readonly Example[] = [
  dataBehind,
  codeBehind,
  servesChampion,
  dependsOnModel,
  inferred,
  stops,
  tested,
  claimed,
  guessed,
  whoMonitors,
  freshness,
]
