import { readSupergraph } from '#app/graph.ts'
import type { Asked } from '#gateway/evidence/answer.ts'
import { nonesOf } from '#gateway/evidence/answer.ts'
import type { Ask } from '#gateway/evidence/ask.ts'
import { type Evidence, gather } from '#gateway/evidence/gather.ts'
import { completenessOf } from '#gateway/evidence/holes.ts'
import { rulesOf } from '#gateway/evidence/judgements.ts'
import type { Material } from '#gateway/evidence/material.ts'
import { QUESTIONS, type QuestionName } from '#gateway/evidence/questions.ts'
import { readRuleGraph } from '#lib/rules/graph-schema.ts'

const graph = readRuleGraph(readSupergraph())

/** The composed graph, as questions are asked of it. */
export const graphSchema = graph.schema

/** What the graph answers to one question: data, or a function of the variables, or a failure. */
type Answered = object | ((variables: Readonly<Record<string, unknown>>) => object) | Asked['errors'][number]

export type Answers = Partial<Record<QuestionName, Answered>>

/** Asks of answers that a test has written down. What it did not write is null without a word. */
export function askOf(answers: Answers): Ask & { readonly asked: [QuestionName, object][] } {
  const asked: [QuestionName, object][] = []
  const ask: Ask = async (question, variables) => {
    asked.push([question, variables])
    const written = answers[question]
    const answer = (typeof written === 'function' ? written(variables) : written) ?? {}
    const errors = 'message' in answer ? [answer as Asked['errors'][number]] : []
    return {
      ...{ question, document: QUESTIONS[question], variables, askedAt: '2026-11-24T12:00:00.000Z', errors },
      data: errors.length > 0 ? null : (answer as Asked['data']),
      nones: nonesOf(QUESTIONS[question], graph),
    }
  }
  return Object.assign(ask, { asked })
}

export const ID = 'Model:mlflow:churn'

/** The evidence that a model's answers make. */
export async function evidenceOf(answers: Answers, pageSize = 500): Promise<Evidence> {
  const ask = askOf(answers)
  const evidence = await gather({ id: ID, first: ask, ask, pageSize })
  if (!evidence) throw new Error('no such model')
  return evidence
}

/** All that the files of a pack are made of. */
export async function materialOf(answers: Answers): Promise<Material> {
  const evidence = await evidenceOf(answers)
  return {
    ...{ evidence, completeness: completenessOf(evidence), rules: rulesOf(evidence) },
    ...{ madeAt: '2026-11-24T12:00:01.000Z', tool: { name: 'modelops', version: '0.0.0' }, graphHash: 'f00d' },
  }
}

/** Provenance of a source. */
export const from = (id: string, fetchedAt = '2026-11-24T11:59:00.000Z', stale = false) => ({
  source: { id, kind: 'kind', title: `Title of ${id}` },
  ...{ fetchedAt, ageSeconds: 60, stale },
})

/** Something missing because a source did not answer. */
export const down = (source: string, reason = 'DOWN', count: number | null = null) => ({
  ...{ source, reason, message: `${source} is silent.`, count },
})

/** A source and how it answers. */
export const source = (id: string, state = 'UP') => ({
  ...{ id, kind: 'kind', title: `Title of ${id}` },
  status: { state, message: null, version: null, lastSuccessAt: null, lastFailureAt: null },
})

/** A model of which nothing but its name is told. */
export const bare = (name = 'churn') => ({
  ...{ id: ID, name, description: null, domain: null, purpose: null, createdAt: null, updatedAt: null, webUrl: null },
  ...{
    owners: null,
    claims: { incomplete: [] },
    tags: [],
    aliases: [],
    champion: null,
    championDeclaration: null,
    latestVersion: null,
  },
  provenance: from('mlflow'),
})

/** A caller with a role. */
export const caller = { subject: 'key:audit', name: 'audit', roles: ['risk'] }

/** A version with a run that read one dataset, of a commit; every text is `text`. */
export function whole(text: string, url = 'https://example.org/x'): Answers {
  const link = { method: 'MATCHED', confidence: 0.9, evidence: text }
  const claim = { name: text, kind: 'TEAM', evidence: text }
  const metric = { name: text, value: 0.9, text, step: 1, recordedAt: null, dataset: text }
  const pair = { key: text, value: text }
  const tensor = { name: text, dataType: text, shape: [-1, 3], optional: true }
  const rule = {
    id: text,
    title: text,
    description: text,
    appliesTo: 'Model',
    severity: 'CRITICAL',
    remedy: text,
    why: text,
    clauses: [text],
    hash: text,
  }
  const fact = { path: text, value: text, source: text, fetchedAt: '2026-11-24T11:00:00.000Z' }
  const finding = {
    ...{ rule, subject: text, outcome: 'FAIL', severity: 'CRITICAL', message: text, asOf: '2026-11-24T11:00:00.000Z' },
    ...{ evidence: [fact], incomplete: [] },
  }
  const application = {
    ...{ id: text, name: text, kind: 'SERVICE', description: text, domain: text, criticality: text, webUrl: url },
    owners: [claim],
  }
  const uses = { nodes: [{ link, application }], incomplete: [] }
  const dataset = {
    ...{ id: `Dataset:${text}`, namespace: text, name: text, displayName: text, description: text, domain: text },
    ...{ classifications: [text], deprecated: false, deleted: false, dataUpdatedAt: null, owners: [claim] },
    columns: [{ name: text, dataType: text, classifications: [text] }],
    quality: {
      ...{ status: 'FAILED', passed: 1, failed: 1, unknown: 0, lastRunAt: null },
      checks: [{ name: text, column: null, status: 'FAILED', message: text }],
    },
    disagreements: [{ field: 'OWNERS', told: [{ catalogId: text, value: text }] }],
    ...{ incomplete: [], provenance: from('catalog') },
  }
  const run = {
    ...{
      id: `TrainingRun:${text}`,
      runId: text,
      name: text,
      status: 'FINISHED',
      deleted: false,
      user: text,
      webUrl: url,
    },
    ...{ startedAt: null, endedAt: null, durationSeconds: 5, parentRun: null },
    ...{
      experiment: { experimentId: text, name: text, deleted: false },
      parameters: [pair],
      metrics: [metric],
      tags: [],
    },
    provenance: from('mlflow'),
    inputs: [
      { name: text, context: text, digest: text, location: `s3://bucket/${text}`, columns: null, link, dataset },
    ],
  }
  const ci = {
    id: text,
    name: text,
    status: 'SUCCESS',
    event: text,
    actor: text,
    webUrl: url,
    provenance: from('forge'),
  }
  const review = {
    ...{ id: text, number: 7, title: text, state: 'MERGED', author: text, mergedAt: null, mergedBy: text, webUrl: url },
    ...{ independentlyApproved: true, approvals: [{ by: text, at: null, sha: text }], provenance: from('forge') },
  }
  const commit = {
    ...{ id: `Commit:${text}`, repositoryUrl: url, sha: text, message: text, author: text, webUrl: url },
    ...{ authoredAt: '2026-11-01T00:00:00.000Z', onProtectedBranch: true, checkStatus: 'SUCCESS', incomplete: [] },
    ...{ provenance: from('forge'), pullRequests: { nodes: [review], incomplete: [] } },
    pipelineRuns: { nodes: [ci], incomplete: [] },
  }
  const version = {
    ...{ id: `ModelVersion:mlflow:churn:${text}`, version: text, status: 'READY', statusMessage: text, stage: text },
    ...{ aliases: [text], createdAt: null, createdBy: text, runId: text, webUrl: url },
  }
  const endpoint = { id: `Endpoint:${text}`, name: text, environment: text, production: true }
  const model = (fields: object) => ({ model: fields })
  const said = {
    ...{ id: text, subjectId: text, by: text, byName: text, at: finding.asOf },
    ...{ revokedAt: null, revokedBy: null, revocationReason: null },
  }
  /** One on the model, and none on anything else. */
  const listOf = (field: string, node: object) => (variables: Readonly<Record<string, unknown>>) => ({
    [field]: {
      nodes: variables.subject === ID ? [node] : [],
      ...{ totalCount: 1, pageInfo: { hasNextPage: false, endCursor: 'c' }, incomplete: [] },
    },
  })
  return {
    caller: { me: { subject: text, name: text, roles: [text] } },
    sources: { sources: [source('mlflow'), source('catalog'), source('forge')] },
    model: model({
      ...{ ...bare(text), description: text, domain: text, purpose: text, webUrl: url, owners: [claim], tags: [pair] },
      aliases: [{ name: text, version: text, modelVersion: null }],
      champion: { id: version.id, version: text },
      championDeclaration: { kind: 'ALIAS', name: text, otherVersions: [] },
      latestVersion: { id: version.id, version: text },
    }),
    versions: model({
      versions: { nodes: [version], totalCount: 1, pageInfo: { hasNextPage: false, endCursor: 'c' }, incomplete: [] },
    }),
    version: {
      modelVersion: {
        ...{ ...version, description: text, updatedAt: null, artifactUri: text, loggedModelId: text, flavors: [text] },
        ...{ tags: [{ key: 'task', value: text }], signature: { inputs: [tensor], outputs: [tensor] } },
        ...{ parameters: [pair], metrics: [metric], incomplete: [], provenance: from('mlflow'), run },
      },
    },
    inputQuality: {
      modelVersion: {
        id: version.id,
        run: { id: run.id, inputQuality: [{ dataset: { id: dataset.id, name: text }, quality: dataset.quality }] },
      },
    },
    code: {
      modelVersion: {
        ...{ id: version.id, incomplete: [], provenance: from('mlflow') },
        run: {
          ...{ id: run.id, provenance: from('mlflow'), commitLink: link, pipelineRunLink: link, codeIncomplete: [] },
          code: {
            repositoryUrl: url,
            sha: text,
            branch: text,
            entryPoint: text,
            startedFrom: text,
            pipelineRunUrl: url,
          },
          ...{ commit, pipelineRun: ci },
        },
      },
    },
    served: model({
      served: {
        nodes: [
          {
            ...{ version: text, link },
            servedModel: {
              ...{ id: `ServedModel:${text}`, name: text, version: text, state: 'READY', loadState: 'READY' },
              ...{ stateMessage: text, platform: text, inputs: [tensor], outputs: [tensor], endpoint },
              provenance: from('server'),
            },
          },
        ],
        incomplete: [],
      },
    }),
    applications: model({ applications: uses }),
    endpoint: {
      endpoint: {
        ...{ ...endpoint, url, state: 'READY', stateMessage: text, server: { name: text, version: text } },
        ...{ labels: [pair], provenance: from('server'), applications: uses, alerts: { nodes: [], incomplete: [] } },
        health: { status: 'UNHEALTHY', summary: text, asOf: finding.asOf, findings: [finding], incomplete: [] },
      },
    },
    traffic: {
      servedModel: {
        ...{ id: `ServedModel:${text}`, name: text, version: text, provenance: from('server') },
        ...{ endpoint: { id: endpoint.id, name: text }, traffic: null },
      },
    },
    monitoring: model({
      monitoring: { traffic: true, latency: false, errors: null, drift: true, alerts: null, incomplete: [] },
      signals: {
        nodes: [
          {
            ...{ name: text, kind: 'DATA', feature: text, version: text, state: 'MEASURED', value: 0.5, unit: text },
            ...{ worse: 'HIGHER', threshold: 0.1, breached: true, since: null, measuredAt: finding.asOf, link },
            provenance: from('monitor'),
          },
        ],
        incomplete: [],
      },
      alerts: {
        nodes: [
          {
            link,
            alert: {
              ...{ id: text, name: text, severity: text, state: 'FIRING', summary: text, startedAt: null, webUrl: url },
              ...{ inhibited: false, silences: [{ comment: text, createdBy: text, endsAt: finding.asOf }] },
              provenance: from('monitor'),
            },
          },
        ],
        incomplete: [],
      },
    }),
    health: model({
      health: { status: 'UNHEALTHY', summary: text, asOf: finding.asOf, findings: [finding], incomplete: [] },
    }),
    compliance: model({
      compliance: {
        ...{ status: 'NON_COMPLIANT', summary: text, passed: 0, failed: 1, unknown: 0, waived: 0, asOf: finding.asOf },
        findings: [{ ...finding, outcome: 'WAIVED', waivedUntil: finding.asOf, waivedBy: text, waivedReason: text }],
        incomplete: [],
      },
    }),
    risk: model({
      risk: {
        ...{ tier: text, proposedTier: text, evidence: text, decided: true, overtaken: false, incomplete: [] },
        decision: { tier: text, by: text, at: finding.asOf, expiresAt: null, attestationId: text },
        frameworks: [{ framework: text, tier: text, reason: text, rule: text, hash: text }],
      },
      review: { state: 'CURRENT', everyDays: 90, lastAt: finding.asOf, dueAt: null, incomplete: [] },
    }),
    packs: {
      packs: [
        {
          ...{ id: text, title: text, source: text, publishedAt: null, note: text, hash: text },
          clauses: [{ id: text, title: text, notJudged: text, policies: [{ id: text }] }],
        },
      ],
    },
    useCases: model({
      useCases: [
        {
          ...{ id: text, name: text, description: text, owner: text, domain: text, status: 'ACTIVE' },
          ...{ declaredBy: text, declaredAt: finding.asOf },
        },
      ],
    }),
    attestations: listOf('attestations', {
      ...{
        ...said,
        kind: 'APPROVAL',
        statement: text,
        independent: true,
        independenceEvidence: text,
        evidenceUrl: url,
      },
      expiresAt: null,
    }),
    waivers: listOf('waivers', { ...said, policy: text, reason: text, expiresAt: '2026-11-24T11:59:59.000Z' }),
    audit: listOf('audit', {
      ...{ id: text, sequence: 7, at: finding.asOf, recordedAt: finding.asOf, actor: text, action: text },
      ...{ subject: text, detail: text, hash: text, previousHash: text },
    }),
    history: model({
      history: {
        nodes: [
          {
            ...{
              id: text,
              at: finding.asOf,
              kind: 'CHAMPION_CHANGED',
              subject: text,
              before: null,
              after: text,
              by: text,
            },
            ...{ source: text, precisionSeconds: 60, initial: false, backfilled: true },
          },
        ],
        ...{ totalCount: 1, pageInfo: { hasNextPage: false, endCursor: 'c' }, incomplete: [] },
      },
    }),
    lineage: ({ of }) => ({
      lineage: {
        root: of,
        nodes: [
          { id: of, type: 'Model', label: text, depth: 0, truncated: false, incomplete: [] },
          { id: `Dataset:${text}`, type: 'Dataset', label: text, depth: 1, truncated: true, incomplete: [down(text)] },
        ],
        edges: [{ from: `Dataset:${text}`, to: of, field: text, link }],
        incomplete: [],
      },
    }),
  }
}
