import { buildSchema } from 'graphql'
import type { GraphAnswer } from '#lib/graph.ts'
import { answerErrors } from '#lib/rules/answer.ts'
import type { RuleGraph } from '#lib/rules/graph-schema.ts'
import { type LoadedRule, loadRule } from '#lib/rules/load.ts'
import type { Rule } from '#lib/rules/rule.ts'

const SDL = `
  scalar DateTime
  scalar Blob
  type Query { thing: Thing }
  type Thing {
    id: ID! name: String! domain: String ready: Boolean count: Int ratio: Float at: DateTime blob: Blob
    color: Color! words: [String] grid: [[Int]] tags: [Tag!]! one: Thing kids(first: Int, kind: String): Kids
    provenance: Provenance health: Health made: Made any: Any owner: String said: Said!
  }
  type Said { words: [String] incomplete: [Incomplete!]! }
  type Kids { nodes: [Kid!]! total: Int incomplete: [Incomplete!]! pageInfo: PageInfo! }
  type Kid { name: String! ready: Boolean count: Int domain: String color: Color words: [String] kids: Kids provenance: Provenance }
  type Tag { key: String! value: String }
  type PageInfo { hasNextPage: Boolean! }
  type Incomplete { source: ID reason: String! message: String! count: Int }
  type Provenance { source: Source! fetchedAt: DateTime! }
  type Source { id: ID! }
  type Health { status: String }
  type Made { from: String }
  union Any = Kid | Tag
  enum Color { RED GREEN UNKNOWN }
`

const schema = buildSchema(SDL)

/** A small graph: `domain` is null where there is none, `owner` too while `said` is complete; `made` needs `health` of its own subgraph. */
export const graph: RuleGraph = {
  ...{ schema, whole: schema },
  nullMeansNone: (_, field) => field === 'domain' || field === 'owner',
  nullUnless: (_, field) => (field === 'owner' ? 'said' : undefined),
  requires: (type, field) => (type === 'Thing' && field === 'made' ? ['one { health { status } }'] : []),
}

/** What a rule consists of, where it differs from one that is right. */
export interface Parts {
  readonly facts?: string
  readonly pass?: string
  readonly when?: string
  readonly unknown?: string
  readonly message?: string
  readonly more?: string
  /** In YAML. */
  readonly tests?: readonly string[]
}

/** The text of a rule's file, with a line for each part: `facts` begins in line 8. */
function ruleText({ facts, pass, when, unknown, message, more, tests = [] }: Parts): string {
  const optional = Object.entries({ when, unknown }).flatMap(([key, text]) => (text ? [`${key}: ${quoted(text)}`] : []))
  return [
    ...['id: a-rule', 'title: All is right', 'description: A rule.', 'kind: health', 'on: Thing', 'severity: WARNING'],
    ...['facts: |', `  fragment facts on Thing { ${facts ?? 'name ready'} }`],
    ...optional,
    `pass: ${quoted(pass ?? 'thing.ready')}`,
    `message: ${quoted(message ?? '{{ thing.name }} is not right.')}`,
    ...(more ? [more] : []),
    `tests: [${tests.join(', ')}]`,
    '',
  ].join('\n')
}

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`

/** Loads a rule. */
export function load(parts: Parts): LoadedRule {
  return loadRule('rule.yaml', ruleText(parts), graph, {
    ...{ kind: 'health', subjects: ['Thing'], forbidden: ['Health'], unconfigured: 'NOT_APPLICABLE' },
  })
}

/** A rule that is right. */
export function ruleOf(parts: Parts): Rule {
  const loaded = load(parts)
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems))
  return loaded.rule
}

/** Judges a thing as the graph answered it; errors have paths below `nodes.0`. */
export function judged(rule: Rule, raw: object, errors: GraphAnswer['errors'] = [], overrides = {}) {
  return rule.judge({
    ...{ raw: raw as Readonly<Record<string, unknown>>, at: 'nodes.0', errors: answerErrors(errors, 'nodes') },
    ...{ now: new Date('2026-01-01T00:00:00Z'), overrides },
  })
}
