import {
  ALERT,
  ATTESTATION,
  CI_RUN,
  CLAIM,
  COMPLIANCE,
  GAP,
  JUDGED,
  LINK,
  METRIC,
  ORIGIN,
  PAGE,
  QUALITY,
  TAG,
  TENSOR,
  WAIVER,
} from './selections.ts'

/**
 * What a pack asks the graph, one question for each part, so that a part that fails or that this graph does not have takes
 * none of the others along. Each asks for all that its answer can tell of itself: what is missing, where it comes from, how
 * old it is, on what evidence two tools were joined. Asked as they stand, with other variables, so each is planned once.
 */
export const QUESTIONS = {
  caller: `query EvidenceCaller {
  me { subject name roles }
}`,

  /** How the tools answer lately. */
  sources: `query EvidenceSources {
  sources { id kind title status { state message version lastSuccessAt lastFailureAt } }
}`,

  /** Models of a name, in whichever registries. */
  named: `query EvidenceNamed($name: String!, $first: Int!) {
  models(where: { name: $name }, first: $first) { nodes { id } pageInfo ${PAGE} incomplete ${GAP} }
}`,

  model: `query EvidenceModel($id: ID!) {
  model(id: $id) {
    id name description domain purpose createdAt updatedAt webUrl
    owners ${CLAIM}
    claims { incomplete ${GAP} }
    tags ${TAG}
    aliases { name version modelVersion { id } }
    champion { id version }
    championDeclaration { kind name otherVersions { id version } }
    latestVersion { id version }
    provenance ${ORIGIN}
  }
}`,

  versions: `query EvidenceVersions($id: ID!, $first: Int!, $after: String) {
  model(id: $id) {
    versions(first: $first, after: $after) {
      nodes { id version status statusMessage stage aliases createdAt createdBy runId webUrl provenance ${ORIGIN} }
      totalCount
      pageInfo ${PAGE}
      incomplete ${GAP}
    }
  }
}`,

  /** One version that is in use: the run and the data it comes from. */
  version: `query EvidenceVersion($id: ID!) {
  modelVersion(id: $id) {
    id version status statusMessage stage aliases description createdAt updatedAt createdBy artifactUri loggedModelId flavors runId webUrl
    tags ${TAG}
    signature { inputs ${TENSOR} outputs ${TENSOR} }
    parameters ${TAG}
    metrics ${METRIC}
    incomplete ${GAP}
    provenance ${ORIGIN}
    run {
      id runId name status deleted startedAt endedAt durationSeconds user webUrl
      experiment { experimentId name deleted }
      parentRun { id name }
      parameters ${TAG}
      metrics ${METRIC}
      tags ${TAG}
      provenance ${ORIGIN}
      inputs {
        name context digest location columns
        link ${LINK}
        dataset {
          id namespace name displayName description domain classifications deprecated deleted dataUpdatedAt
          owners ${CLAIM}
          columns { name dataType classifications }
          quality ${QUALITY}
          disagreements { field told { catalogId value } }
          incomplete ${GAP}
          provenance ${ORIGIN}
        }
      }
    }
  }
}`,

  /** How the data of one version stood when its run started. */
  inputQuality: `query EvidenceInputQuality($id: ID!) {
  modelVersion(id: $id) { id run { id inputQuality { dataset { id name } quality ${QUALITY} } } }
}`,

  /** The code of one version: commit, review and CI runs, which other tools tell than its data. */
  code: `query EvidenceCode($id: ID!) {
  modelVersion(id: $id) {
    id
    incomplete ${GAP}
    provenance ${ORIGIN}
    run {
      id
      provenance ${ORIGIN}
      code { repositoryUrl sha branch entryPoint startedFrom pipelineRunUrl }
      commitLink ${LINK}
      pipelineRunLink ${LINK}
      codeIncomplete ${GAP}
      commit {
        id repositoryUrl sha message author authoredAt onProtectedBranch checkStatus webUrl
        incomplete ${GAP}
        provenance ${ORIGIN}
        pullRequests {
          nodes {
            id number title state author createdAt mergedAt mergedBy targetBranch headSha independentlyApproved webUrl
            approvals { by at sha }
            provenance ${ORIGIN}
          }
          incomplete ${GAP}
        }
        pipelineRuns { nodes ${CI_RUN} incomplete ${GAP} }
      }
      pipelineRun ${CI_RUN}
    }
  }
}`,

  served: `query EvidenceServed($id: ID!) {
  model(id: $id) {
    served {
      nodes {
        version
        link ${LINK}
        servedModel {
          id name version state loadState stateMessage platform
          inputs ${TENSOR}
          outputs ${TENSOR}
          endpoint { id name environment production }
          provenance ${ORIGIN}
        }
      }
      incomplete ${GAP}
    }
  }
}`,

  applications: `query EvidenceApplications($id: ID!) {
  model(id: $id) {
    applications {
      nodes {
        link ${LINK}
        application { id name kind description domain criticality webUrl owners ${CLAIM} provenance ${ORIGIN} }
      }
      incomplete ${GAP}
    }
  }
}`,

  /** One endpoint that serves the model, its health and the applications on it. */
  endpoint: `query EvidenceEndpoint($id: ID!) {
  endpoint(id: $id) {
    id name url environment production state stateMessage
    server { name version }
    labels ${TAG}
    provenance ${ORIGIN}
    health { status summary asOf findings ${JUDGED} incomplete ${GAP} }
    alerts {
      nodes { link ${LINK} alert ${ALERT} }
      incomplete ${GAP}
    }
    applications {
      nodes { link ${LINK} application { id name kind criticality owners ${CLAIM} provenance ${ORIGIN} } }
      incomplete ${GAP}
    }
  }
}`,

  /** What monitors measure of one model on a server. */
  traffic: `query EvidenceTraffic($id: ID!) {
  servedModel(id: $id) {
    id name version
    provenance ${ORIGIN}
    endpoint { id name }
    traffic {
      state covers requestsPerSecond errorRatio latencyMeanSeconds latencyP50Seconds latencyP95Seconds latencyP99Seconds windowSeconds asOf
      incomplete ${GAP}
      provenance ${ORIGIN}
    }
  }
}`,

  monitoring: `query EvidenceMonitoring($id: ID!) {
  model(id: $id) {
    monitoring { traffic latency errors drift alerts incomplete ${GAP} }
    signals {
      nodes {
        name kind feature version state value unit worse threshold breached since measuredAt
        link ${LINK}
        provenance ${ORIGIN}
      }
      incomplete ${GAP}
    }
    alerts {
      nodes {
        link ${LINK}
        alert ${ALERT}
      }
      incomplete ${GAP}
    }
  }
}`,

  health: `query EvidenceHealth($id: ID!) {
  model(id: $id) {
    health { status summary asOf findings ${JUDGED} incomplete ${GAP} }
  }
}`,

  compliance: `query EvidenceCompliance($id: ID!) {
  model(id: $id) { compliance ${COMPLIANCE} }
}`,

  endpointCompliance: `query EvidenceEndpointCompliance($id: ID!) {
  endpoint(id: $id) { id name compliance ${COMPLIANCE} }
}`,

  risk: `query EvidenceRisk($id: ID!) {
  model(id: $id) {
    risk {
      tier proposedTier evidence decided overtaken
      decision { tier by at expiresAt attestationId }
      frameworks { framework tier reason rule hash }
      incomplete ${GAP}
    }
    review { state everyDays lastAt dueAt incomplete ${GAP} }
  }
}`,

  /** The frameworks, clause by clause, and what no query can judge of them. */
  packs: `query EvidencePacks {
  packs { id title source publishedAt note hash clauses { id title notJudged policies { id } } }
}`,

  useCases: `query EvidenceUseCases($id: ID!) {
  model(id: $id) { useCases { id name description owner domain status declaredBy declaredAt } }
}`,

  attestations: `query EvidenceAttestations($subject: ID!, $first: Int!, $after: String) {
  attestations(subject: $subject, first: $first, after: $after) {
    nodes ${ATTESTATION}
    totalCount
    pageInfo ${PAGE}
    incomplete ${GAP}
  }
}`,

  waivers: `query EvidenceWaivers($subject: ID!, $first: Int!, $after: String) {
  waivers(subject: $subject, first: $first, after: $after) {
    nodes ${WAIVER}
    totalCount
    pageInfo ${PAGE}
    incomplete ${GAP}
  }
}`,

  /** What the audit chain holds about one thing. */
  audit: `query EvidenceAudit($subject: ID!, $first: Int!, $after: String) {
  audit(subject: $subject, first: $first, after: $after) {
    nodes { id sequence at recordedAt actor action subject detail hash previousHash }
    totalCount
    pageInfo ${PAGE}
    incomplete ${GAP}
  }
}`,

  /** What was seen to change, newest first. */
  history: `query EvidenceHistory($id: ID!, $first: Int!, $after: String) {
  model(id: $id) {
    history(first: $first, after: $after) {
      nodes { id at kind subject before after by source precisionSeconds initial backfilled }
      totalCount
      pageInfo ${PAGE}
      incomplete ${GAP}
    }
  }
}`,

  lineage: `query EvidenceLineage($of: ID!, $depth: Int!, $maxNodes: Int!) {
  lineage(of: $of, direction: BOTH, depth: $depth, maxNodes: $maxNodes) {
    root
    nodes { id type label depth truncated incomplete ${GAP} }
    edges { from to field link ${LINK} }
    incomplete ${GAP}
  }
}`,
} as const

/** A question of a pack. */
export type QuestionName = keyof typeof QUESTIONS
