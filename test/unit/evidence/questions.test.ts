import {
  type GraphQLOutputType,
  getNamedType,
  isObjectType,
  Kind,
  parse,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import { describe, expect, it } from 'vitest'
import { QUESTIONS } from '#gateway/evidence/questions.ts'
import { graphSchema } from './evidence.ts'

/** Fields that only say which thing it is; what is told of it stands where it is asked for itself. */
const NAMING = new Set(['id', 'name', 'version', 'environment', 'production', 'code', 'runId'])

describe.each(Object.entries(QUESTIONS))('the question %s', (_name, document) => {
  const ast = parse(document)

  it('is one that the graph can answer', () => {
    expect(validate(graphSchema, ast)).toEqual([])
  })

  it('is one operation without fragments, each path of whose answer is one path of it', () => {
    expect(ast.definitions.map(({ kind }) => kind)).toEqual([Kind.OPERATION_DEFINITION])
    expect(document).not.toContain('...')
  })

  it('asks wherever it can for what is missing, where pages end, on what evidence, and, of what it tells, from where', () => {
    const types = new TypeInfo(graphSchema)
    const left: string[] = []
    const look = (
      type: GraphQLOutputType | null | undefined,
      selected: readonly string[],
      leaves: readonly string[],
    ) => {
      const named = type && getNamedType(type)
      if (!isObjectType(named) || named.name === 'Query') return
      const fields = named.getFields()
      const tells = leaves.some((leaf) => !NAMING.has(leaf))
      const isThing = named.getInterfaces().some(({ name }) => name === 'Node')
      const wanted = [
        // Of a version it tells of the run, which lists of versions do not read.
        ...(isThing && !(tells && (named.name !== 'ModelVersion' || selected.includes('run'))) ? [] : ['incomplete']),
        ...['pageInfo', 'link'],
        ...(tells ? ['provenance'] : []),
      ]
      for (const name of wanted) if (fields[name] && !selected.includes(name)) left.push(`${named.name}.${name}`)
    }
    visit(
      ast,
      visitWithTypeInfo(types, {
        Field({ selectionSet }) {
          if (!selectionSet) return
          const chosen = selectionSet.selections.flatMap((one) => (one.kind === Kind.FIELD ? [one] : []))
          look(
            types.getType(),
            chosen.map(({ name }) => name.value),
            chosen.filter((one) => !one.selectionSet).map(({ name }) => name.value),
          )
        },
      }),
    )
    expect(left).toEqual([])
  })
})
