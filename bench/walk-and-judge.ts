import { spawn } from './child.ts'
import { median, type Plan, rounds } from './plan.ts'
import type { Usage } from './subject.ts'
import type { Upstreams } from './upstreams.ts'

/** What is asked of the whole graph at once. */
const questions = ['lineage', 'health', 'compliance'] as const
type Question = (typeof questions)[number]

/** How long an answer takes with everything it needs of the tools in memory. Medians of the rounds. */
export interface Walked {
  readonly question: Question
  readonly models: number
  /** Things in the answer. */
  readonly things: number
  /** The first answer of a process: planned, and walked or judged. */
  readonly first: number
  /** The same again: walked again; judged things are kept. */
  readonly again: number
  readonly cpuMilliseconds: number
  readonly callsAgain: number
}

/** Answers after the first, of which the median counts. */
const AGAIN = 5

const bodies: Readonly<Record<Question, string>> = {
  lineage:
    '{ lineage(of: "Endpoint:mlserver:server", direction: UPSTREAM, depth: 6, maxNodes: 2000) { nodes { id type label depth incomplete { source reason } } edges { from to field link { method confidence } } incomplete { source reason } } }',
  health:
    '{ models(first: 500) { nodes { id health { status summary findings { rule { id } outcome message } } } incomplete { source reason } } }',
  compliance:
    '{ models(first: 500) { nodes { id compliance { status summary passed failed unknown waived } } incomplete { source reason } } }',
}

/** Asks in a new process each round: lineage six steps upstream of a server with all models, and the health and compliance of all. */
export async function measureWalks(models: number, plan: Plan): Promise<Walked[]> {
  const upstream = await spawn('upstreams.ts')
  const upstreams = await upstream.call<Upstreams>('start', { models, delayMilliseconds: 0, served: models })
  const found = await rounds(plan.rounds, questions, async (question) => {
    const child = await spawn('subject.ts')
    const url = await child.call<string>('start', { variant: 'ours', upstreams })
    await child.call('read')
    const before = await child.call<Usage>('usage')
    const first = await ask(url, question)
    const after = await child.call<Usage>('usage')
    await upstream.call('calls')
    const more: { readonly milliseconds: number }[] = []
    for (let i = 0; i < AGAIN; i++) more.push(await ask(url, question))
    const calls = await upstream.call<number>('calls')
    await child.stop()
    return {
      ...{ question, things: first.things, first: first.milliseconds, again: median(more).milliseconds },
      cpuMilliseconds: after.cpuMilliseconds - before.cpuMilliseconds,
      callsAgain: calls / AGAIN,
    }
  })
  await upstream.stop()
  return questions.map((question) => {
    return { question, models, ...median(found.filter((one) => one.question === question)) }
  })
}

async function ask(url: string, question: Question): Promise<{ milliseconds: number; things: number }> {
  const asked = performance.now()
  const response = await fetch(`${url}/graphql`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
    body: JSON.stringify({ query: bodies[question] }),
  })
  const text = await response.text()
  const milliseconds = performance.now() - asked
  const { data, errors } = JSON.parse(text) as {
    data: Record<string, { nodes: readonly unknown[] } | null> | null
    errors?: unknown
  }
  const [answer] = Object.values(data ?? {})
  // What could not be had in time would make it quicker.
  if (errors !== undefined || !answer || /"reason":"(DOWN|TIMEOUT|TRUNCATED)/.test(text)) {
    throw new Error(`${question}: ${text.slice(0, 500)}`)
  }
  return { milliseconds, things: answer.nodes.length }
}
