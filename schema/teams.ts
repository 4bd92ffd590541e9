import { concatAST, GraphQLError, Kind, parse, print, Source, visit } from 'graphql'
import { adviceFor, coordinatesIn } from './advice.ts'
import { describeChanges } from './breaking.ts'
import { CompositionError, compose } from './compose.ts'
import { directivesOf } from './elements.ts'
import { nodeStubs } from './node-stubs.ts'
import { type Problem, printProblem, problemAt } from './problem.ts'
import { lineageLinked, nullLinked } from './rules/directives-linked.ts'
import { lineageMirrored } from './rules/lineage-mirrored.ts'
import { nullableAdditions } from './rules/nullable-additions.ts'
import { nullableRoot } from './rules/nullable-root.ts'
import { loadSubgraph, type Subgraph, subgraphNames } from './subgraphs.ts'

/** A team's own subgraph as it is composed. */
export interface TeamSchema {
  readonly name: string
  readonly sdl: string
  /** Where the SDL is from, as errors name it with a line: a file or an address. */
  readonly from: string
}

/** The graph with the teams' subgraphs, or why there is none. */
export type TeamComposition =
  | { readonly supergraphSdl: string; readonly hints: readonly string[] }
  | { readonly problems: readonly string[] }

/** Fields that a server tells with its schema, and that are federation's; composition takes them out. */
const FEDERATIONS_OWN = ['Query._entities', 'Query._service']

/**
 * Composes the project's subgraphs with those of teams. What a team adds may take nothing away: no field of ours from
 * clients, and no answer when its server is silent. Each problem says where it stands, at which coordinates, and what to do.
 */
export function composeWithTeams(teams: readonly TeamSchema[], before: string): TeamComposition {
  const own = subgraphNames.map((name) => loadSubgraph(name))
  const parsed = teams.map(parseTeam)
  const broken = parsed.flatMap((one) => (typeof one === 'string' ? [one] : []))
  const theirs = parsed.flatMap((one) => (typeof one === 'string' ? [] : [one]))
  if (broken.length > 0) return { problems: broken }
  const stubs = nodeStubs(theirs.map(({ typeDefs }) => typeDefs))
  const subgraphs = [...own.map((one) => (one.name === 'lineage' ? withMore(one, stubs) : one)), ...theirs]
  const isTheirs = ({ at, element }: Problem) =>
    teams.some(({ from }) => at?.startsWith(`${from}:`)) && !FEDERATIONS_OWN.includes(element)
  const refused = [
    ...theirs.flatMap(isolated),
    ...[nullableRoot, nullableAdditions, lineageLinked, nullLinked].flatMap((rule) => rule(subgraphs)).filter(isTheirs),
  ]
  try {
    const { supergraphSdl } = compose(subgraphs)
    const taken = describeChanges(before, supergraphSdl).breaking.map(
      (change) =>
        `${change} It would take that away from clients: let the type be as it is elsewhere (changes-nothing)`,
    )
    const problems = [...refused.map((one) => printed(one, teams)), ...taken]
    if (problems.length > 0) return { problems }
    return { supergraphSdl, hints: lineageMirrored(subgraphs).filter(isTheirs).map(printProblem) }
  } catch (error) {
    if (!(error instanceof CompositionError)) throw error
    return { problems: [...error.problems, ...refused].map((one) => printed(one, teams)) }
  }
}

/** The subgraph, or why its text is no SDL. */
function parseTeam({ name, sdl, from }: TeamSchema): Subgraph | string {
  try {
    const typeDefs = parse(new Source(sdl, from))
    return { name, typeDefs, sdl }
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error
    const { line } = error.locations?.[0] ?? { line: 1 }
    return `${from}:${line}: ${error.message} To do: correct the SDL`
  }
}

function withMore(subgraph: Subgraph, more: string): Subgraph {
  if (more === '') return subgraph
  const typeDefs = concatAST([subgraph.typeDefs, parse(more)])
  return { ...subgraph, typeDefs, sdl: `${print(typeDefs)}\n` }
}

/** What a team's subgraph may not do beyond the rules for ours: take fields over, and hide things that have ids. */
function isolated({ name, typeDefs }: Subgraph): Problem[] {
  const problems: Problem[] = []
  visit(typeDefs, {
    [Kind.OBJECT_TYPE_DEFINITION](type) {
      const isNode = type.interfaces?.some((one) => one.name.value === 'Node') ?? false
      if (!isNode || directivesOf(type, 'key').length > 0) return
      const words = `${type.name.value} implements Node and has no @key: give it @key(fields: "id") and a reference resolver`
      problems.push(problemAt(type, 'node-keyed', type.name.value, words))
    },
    [Kind.FIELD_DEFINITION](field, _key, _parent, _path, ancestors) {
      const from = directivesOf(field, 'override')[0]?.arguments?.find((one) => one.name.value === 'from')?.value
      if (from?.kind !== Kind.STRING || !(subgraphNames as readonly string[]).includes(from.value)) return
      const type = ancestors.findLast((one) => !Array.isArray(one) && 'name' in one)
      const coordinate = `${type && 'name' in type ? type.name?.value : '?'}.${field.name.value}`
      const words = `${coordinate} of ${name} overrides the field of ${from.value}: ours answer for what they have; give yours another name`
      problems.push(problemAt(field, 'no-override', coordinate, words))
    },
  })
  return problems
}

/** One problem, for whoever runs the gateway and whoever wrote the subgraph. */
function printed({ rule, message, at }: Problem, teams: readonly TeamSchema[]): string {
  const place = at === undefined ? '' : `${at}: `
  // The rules know files of this project only.
  const words = teams.reduce((text, { name, from }) => text.replaceAll(`schema/${name}.graphql`, from), message)
  if (rule !== 'composition') return `${place}${words} (${rule})`
  const code = /^([A-Z_]+): /.exec(message)?.[1] ?? ''
  const named = coordinatesIn(message)
  return `${place}${words}${named.length > 0 ? ` Named: ${named.join(', ')}.` : ''} To do: ${adviceFor(code)}`
}
