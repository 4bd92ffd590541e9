import type { Caller } from '#lib/caller.ts'
import type { Config } from '#lib/config/schema.ts'
import type { RequestContext } from '#lib/context.ts'
import type { GraphPort } from '#lib/graph.ts'
import { parseId } from '#lib/ids.ts'

/** Whether somebody vouches for work of others. */
export interface Independence {
  /** null: it cannot be told. */
  readonly independent: boolean | null
  /** By what, without the name of anybody. */
  readonly independenceEvidence: string
}

const FIELDS = 'id createdBy runId run { id user commit { id author } }'
const DOCUMENT = `query Authors($id: ID!) {
  node(id: $id) {
    ... on ModelVersion { ${FIELDS} }
    ... on Model { champion { ${FIELDS} } }
  }
}`

interface Version {
  readonly id: string
  readonly createdBy: string | null
  readonly runId: string | null
  readonly run: {
    readonly id: string
    readonly user: string | null
    readonly commit: { readonly id: string; readonly author: string | null } | null
  } | null
}

type Relation = 'SAME' | 'OTHER' | 'UNKNOWN'
type System = keyof Config['people'][number]['logins']

/**
 * Compares who vouches for a version, or for the champion of a model, with who ran its training and who wrote its commit, and
 * who registered it where the registry tells, as `people` of the configuration knows them. Of other things nobody's authorship is known.
 */
export async function independenceOf(
  subject: string,
  { graph, people }: { readonly graph: GraphPort; readonly people: Config['people'] },
  context: RequestContext,
): Promise<Independence> {
  const type = parseId(subject)?.type
  if (type !== 'ModelVersion' && type !== 'Model') return untold('Who made such a thing is not known to the graph.')
  const { data } = await graph.query(DOCUMENT, { id: subject }, context)
  const version = versionOf(data?.node as Record<string, unknown> | null)
  if (!version) return untold('The model has no champion whose authors could be told.')

  const { run } = version
  const compare = (login: string | null | undefined, systems: readonly System[]) =>
    relationOf(context.caller, login, systems, people)
  const told: readonly (readonly [string, Relation])[] = [
    // MLflow seldom tells, and who registers what others made is no author of it.
    ...(version.createdBy ? [[`registered ${version.id}`, compare(version.createdBy, ['mlflow'])] as const] : []),
    [run ? `ran ${run.id}` : 'ran its training, which is not known', compare(run?.user, ['mlflow'])],
    [
      run?.commit ? `wrote ${run.commit.id}` : 'wrote its code, which is not known',
      compare(run?.commit?.author, ['forge', 'git']),
    ],
  ]
  const who = (relation: Relation) => told.filter(([, one]) => one === relation).map(([what]) => what)
  const [same, unknown] = [who('SAME'), who('UNKNOWN')]
  if (same.length > 0) return { independent: false, independenceEvidence: `The same person ${same.join(', and ')}.` }
  if (unknown.length > 0) return untold(`Not told of who ${unknown.join('; who ')}.`)
  return { independent: true, independenceEvidence: `Another person ${who('OTHER').join('; ')}.` }
}

const untold = (independenceEvidence: string): Independence => ({ independent: null, independenceEvidence })

function versionOf(node: Record<string, unknown> | null): Version | null {
  if (!node) return null
  if ('champion' in node) return node.champion as Version | null
  return node as unknown as Version
}

/** Two logins are of one person where they are one text or one entry of `people`; of two persons where both are known. */
function relationOf(
  { subject }: Caller,
  login: string | null | undefined,
  systems: readonly System[],
  people: Config['people'],
): Relation {
  if (!login) return 'UNKNOWN'
  if (login === subject) return 'SAME'
  const caller = people.find((one) => one.id === subject || one.logins.identityProvider.includes(subject))
  const author = people.find((one) => systems.some((system) => one.logins[system].includes(login)))
  if (!caller || !author) return 'UNKNOWN'
  // A team's login can be anybody's of the team.
  if (caller.kind === 'team' || author.kind === 'team') return 'UNKNOWN'
  return caller.id === author.id ? 'SAME' : 'OTHER'
}
