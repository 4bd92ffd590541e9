import { readFileSync } from 'node:fs'
import { printSchema, Supergraph } from '@apollo/federation-internals'
import { buildSchema, parse, validate } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { examples } from '../../web/examples.ts'
import { startCompanyGraph } from './company-graph.ts'
import type { Graph } from './graph.ts'

/** What executives, risk and platform teams ask of what this graph knows, and the example that answers it. */
const questions: readonly (readonly [question: string, example: string])[] = [
  ['Which models are in production, and who owns them?', 'What is in production, and is that what is served?'],
  ['Which endpoints serve models that no registry knows?', 'Endpoints that serve a model no registry knows'],
  ['Which data trained the version behind an endpoint?', 'Which data trained what this endpoint serves?'],
  ['Which commit, review and CI run produced it?', 'Which commit, review and CI run made what this endpoint serves?'],
  ['Which applications depend on a model?', 'What depends on this model?'],
  ['What is hit if a table breaks?', 'If this table breaks, what is hit, and whom do I tell?'],
  ['Which models use personal data?', 'Personal data, and the models behind it'],
  ['Which links are inferred?', 'Which links are only inferred, and on what evidence?'],
  ['Where does lineage stop?', 'Where does lineage stop, and why?'],
  ['Which production models are unhealthy?', 'Is all well with what is in production?'],
  ['Which models drift, since when?', 'Which models drift, and since when?'],
  ['Did data checks pass before the last training?', 'Was the data tested before the last training?'],
  ['Does an endpoint serve the champion?', 'Does this endpoint serve what the registry calls production?'],
  ['Which alerts are open, on whose models?', 'Open alerts, and whose models they are about'],
  ['Who monitors, who exposes nothing?', 'Who monitors their models, and who exposes nothing?'],
  ['What share of models reached production, how fast?', 'How long from training to production, by domain?'],
  ['Which versions stalled, at which stage?', 'Which versions wait, and for what?'],
  ['Which teams are slow, and where?', 'Which teams take longest, and where is the wait?'],
  ['Which model debt is there?', 'Model debt: unowned, undocumented, unused, outdated'],
  ['What changed between two versions?', 'What changed between the last two versions in production?'],
  ['Which business functions use AI?', 'What is AI used for here, and who answers for it?'],
  ['Which models are overdue for retraining?', 'Which models are overdue for retraining?'],
  ['Which lack independent validation?', 'Which models in production lack an independent validation?'],
  ['Who approved this version?', 'Who approved this version, when, on what evidence?'],
  ['Which risk tier has each model?', 'The risk tier of each model, under each framework'],
  ['Which controls fail, which are unknown?', 'Which controls fail, and which can only not be told?'],
  ['Which version was in production on a date?', 'Which version was in production on that day?'],
  ['Who changed what, when?', 'Who said and changed what, and when?'],
  ['Which model cards are missing?', 'Which model cards are missing?'],
  ['Which reviews are due?', 'Which reviews are due, and what runs out?'],
  ['Where is an evidence pack?', 'A dated evidence pack of this model'],
  ['What was hidden from me?', 'What was hidden from me?'],
  ['What changed state?', 'What happened lately?'],
  ['How fresh is each answer, which source failed?', 'How fresh is each answer, and who failed?'],
]

describe('the example queries', () => {
  let graph: Graph
  beforeAll(async () => {
    graph = await startCompanyGraph(({ sources: _, ...settings }) => settings)
  })
  afterAll(() => graph.close())

  it.each(questions)('answer "%s"', (_, title) => {
    expect(examples.map((example) => example.title)).toContain(title)
  })

  it('have names and titles of their own', () => {
    const names = examples.map(({ query }) => /query (\w+)/.exec(query)?.[1])
    expect(new Set(names).size).toBe(examples.length)
    expect(new Set(examples.map(({ title }) => title)).size).toBe(examples.length)
  })

  it.each(examples)('"$title" is a query of this graph', ({ query }) => {
    const sdl = readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8')
    const schema = buildSchema(printSchema(Supergraph.build(sdl).apiSchema()))
    expect(validate(schema, parse(query))).toEqual([])
  })

  it.each(examples)('"$title" has an answer at the demonstration company', async ({ query }) => {
    const data = await graph.data<Record<string, { nodes?: object[] } | object[]>>(query)
    for (const part of Object.values(data)) {
      const rows = Array.isArray(part) ? part : (part.nodes ?? Object.values(part).flat())
      expect(rows?.length).toBeGreaterThan(0)
    }
  })

  it.each([
    ['Which data trained what this endpoint serves?', /"dataset":\{"namespace":"s3:/],
    ['Which commit, review and CI run made what this endpoint serves?', /"independentlyApproved":true/],
    [
      'Does this endpoint serve what the registry calls production?',
      /"outcome":"FAIL","message":"The champion of credit-limit/,
    ],
    ['What depends on this model?', /"application":\{"name":"Loan desk"/],
    ['Which links are only inferred, and on what evidence?', /"method":"GUESSED"/],
    [
      'Where does lineage stop, and why?',
      /"type":"ModelVersion","label":"collections-priority 1",[^}]*"incomplete":\[\{"source":"mlflow","reason":"UNMATCHED"/,
    ],
    ['Was the data tested before the last training?', /expected > 380000, found 212406/],
    ['What does each tool say of a model, and where do they differ?', /"claims":\{"nodes":\[\{"sourceId":"mlflow"/],
    ['What may a run have read of which it recorded no place?', /"reason":"UNMATCHED"/],
    ['Who monitors their models, and who exposes nothing?', /"drift":true/],
    [
      'What is AI used for here, and who answers for it?',
      /"name":"liquidity-forecast"[^}]*}[^}]*"status":"COMPLIANT"}/,
    ],
    [
      'Which controls fail, and which can only not be told?',
      /(?=.*"COMPLIANT_WITH_WAIVERS")(?=.*"NON_COMPLIANT")(?=.*"status":"UNKNOWN")(?=.*"waivedUntil":"2)/s,
    ],
    [
      'May this version go into production?',
      /"allowed":\{"decision":"ALLOWED".*"refused":\{"decision":"REFUSED".*"undecided":\{"decision":"UNDECIDED"/s,
    ],
    [
      'The risk tier of each model, under each framework',
      /"tier":"MEDIUM","decided":true,"overtaken":true,"proposedTier":"HIGH"/,
    ],
    [
      'Which models in production lack an independent validation?',
      /(?=.*"independent":true)(?=.*"independent":null)(?=.*"revocationReason":"What it was tested on)/s,
    ],
    ['Who approved this version, when, on what evidence?', /"kind":"APPROVAL".*"approvals":\[\{"by":"model-review"/s],
    ['Which reviews are due, and what runs out?', /(?=.*"OVERDUE")(?=.*"NEVER_REVIEWED")(?=.*"CURRENT")/s],
    ['Which model cards are missing?', /"message":"Nothing is written about version/],
    ['Which models are overdue for retraining?', /The champion of next-best-offer, version 1, was trained on/],
    ['Model debt: unowned, undocumented, unused, outdated', /Nothing says who owns discount-cap/],
    ['Which teams take longest, and where is the wait?', /"group":"Treasury","totalLeadTimeSeconds":\{"median":\d/],
    ['Who said and changed what, and when?', /"action":"attestation-revoked"/],
    [
      'How fresh is each answer, and who failed?',
      /"id":"edge-cluster","kind":"open-inference","status":\{"state":"DOWN"/,
    ],
  ])('"%s" shows the story', async (title, story) => {
    const data = await graph.data(examples.find((example) => example.title === title)?.query ?? '')
    expect(JSON.stringify(data)).toMatch(story)
  })
})
