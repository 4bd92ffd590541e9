import { composeServices } from '@apollo/composition'
import type { GraphQLError } from 'graphql'
import { type Problem, placeOf, printProblem } from './problem.ts'
import type { Subgraph } from './subgraphs.ts'

/** Why subgraphs do not fit together; the message lists every problem, `problems` holds them one by one. */
export class CompositionError extends Error {
  override readonly name = 'CompositionError'
  readonly problems: readonly Problem[]

  constructor(subgraphs: readonly Subgraph[], problems: readonly Problem[]) {
    const names = subgraphs.map((subgraph) => subgraph.name).join(', ')
    super(
      `The subgraphs ${names} do not compose:\n${problems.map((problem) => `- ${printProblem(problem)}`).join('\n')}`,
    )
    this.problems = problems
  }
}

/** The composed graph. */
export interface Composed {
  /** Standard Federation 2 supergraph; the same subgraphs give the same text, whatever their order. */
  readonly supergraphSdl: string
  /** What the composer found odd and let pass, in words; it never changes what is composed. */
  readonly hints: readonly string[]
}

/**
 * Composes subgraphs. Their addresses in the supergraph are placeholders (`http://<name>.subgraph`): where a subgraph
 * really runs is the gateway's configuration, not the schema's.
 * @throws CompositionError with every error, the subgraphs and lines it stands in.
 */
export function compose(subgraphs: readonly Subgraph[]): Composed {
  const services = subgraphs
    .map(({ name, typeDefs }) => ({ name, typeDefs, url: `http://${name}.subgraph` }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const result = composeServices(services)
  if (result.errors) throw new CompositionError(subgraphs, result.errors.map(toProblem))
  return {
    supergraphSdl: `${result.supergraphSdl.trimEnd()}\n`,
    hints: result.hints.map((hint) => `${hint.definition.code}: ${hint.message}`),
  }
}

/** The composer's error codes are in Apollo's documentation of composition errors. */
function toProblem(error: GraphQLError): Problem {
  const places = [...new Set(error.nodes?.map(placeOf).filter((place) => place !== undefined))]
  const code = String(error.extensions.code ?? 'INVALID_GRAPHQL')
  return {
    rule: 'composition',
    element: '',
    message: `${code}: ${error.message}`,
    ...(places.length > 0 && { at: places.join(', ') }),
  }
}
