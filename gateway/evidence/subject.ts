import { makeId, parseId } from '#lib/ids.ts'
import type { Problem } from '../problem.ts'
import { readAnswer, textOf } from './answer.ts'
import type { Ask } from './ask.ts'

/** Models of one name that are told apart at most. */
const MOST_NAMED = 50

/** The model that is meant, or why that cannot be told. `of`: an id, or a name that only one model has. */
export async function subjectOf(of: string, ask: Ask, pageSize: number): Promise<{ readonly id: string } | Problem> {
  const parsed = parseId(of)
  if (parsed?.type === 'Model') return { id: of }
  if (parsed) return notAModel(of, parsed.type, parsed.parts)
  const models = readAnswer(await ask('named', { name: of, first: Math.min(pageSize, MOST_NAMED) }), 'models')
  const ids = models.get('nodes').items.flatMap((node) => textOf(node.get('id')) ?? [])
  const [id] = ids
  const silent = [...models.why, ...models.incomplete].filter(({ reason }) => reason !== 'FORBIDDEN')
  // With a registry that is silent, one may be one of several: a pack of a wrong model would be worse than none.
  if (silent.length > 0) {
    const told = silent.map(({ message }) => message).join(' ')
    const known = ids.length > 0 ? ` Known so far: ${ids.join(', ')}.` : ''
    const message = `Not every registry could be asked which models are called "${of}". ${told}${known} Ask again later, or by id.`
    return { status: 503, code: 'EVIDENCE_UNAVAILABLE', message }
  }
  if (id === undefined) return noModel(of)
  if (ids.length === 1) return { id }
  const more = models.get('pageInfo', 'hasNextPage').value === true ? ' and more' : ''
  const message = `Several models are called "${of}": ask by id for one of ${ids.join(', ')}${more}.`
  return { status: 409, code: 'AMBIGUOUS_MODEL', message }
}

/** There is none that the caller may see; which of the two is not told. */
export function noModel(of: string): Problem {
  const message = `There is no model "${of}" that you may see. A pack is made of a model by its id (Model:<source>:<name>) or its name.`
  return { status: 404, code: 'NOT_FOUND', message }
}

function notAModel(of: string, type: string, [source = '', name = '']: readonly string[]): Problem {
  const hint = type === 'ModelVersion' ? ` The model of this version is ${makeId('Model', source, name)}.` : ''
  return {
    status: 400,
    code: 'BAD_REQUEST',
    message: `${of} is the id of a ${type}: a pack is made of a model.${hint}`,
  }
}
