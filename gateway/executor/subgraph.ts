import {
  type DocumentNode,
  defaultFieldResolver,
  execute,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  isSpecifiedScalarType,
  Kind,
  OperationTypeNode,
  visit,
} from 'graphql'
import type { CompiledQuery } from 'graphql-jit'
import { once } from '#lib/once.ts'
import type { Answer, Asked } from '../data-source.ts'

type Execute = (asked: Omit<Asked, 'text'>) => Answer | Promise<Answer>

/**
 * Executes documents of plans over a schema: the first time by graphql-js, when they come again (the same objects, as
 * long as the plan is kept) by what graphql-jit makes of them. That counts only where nothing went wrong: it differs in
 * what it says of errors, so graphql-js executes again what had any. Loaders live as long as the request, so that no
 * source is asked again.
 */
export function executorOf(schema: GraphQLSchema): Execute {
  const known = new WeakMap<DocumentNode, CompiledQuery | 'seen' | 'not compiled'>()
  return ({ document, variables, context }) => {
    const interpret = () =>
      execute({ schema, document, variableValues: variables, contextValue: context }) as Answer | Promise<Answer>
    const run = (query: CompiledQuery | 'not compiled') => {
      if (query === 'not compiled') return interpret()
      const unlessFailed = (answer: Answer) => (answer.errors ? interpret() : answer)
      const answer = query.query(undefined, context, variables) as Answer | Promise<Answer>
      return answer instanceof Promise ? answer.then(unlessFailed) : unlessFailed(answer)
    }
    const found = known.get(document)
    if (found === undefined) {
      known.set(document, 'seen')
      return interpret()
    }
    if (found !== 'seen') return run(found)
    return compiler().then((jit) => {
      const query = compile(jit, schema, document)
      known.set(document, query)
      return run(query)
    })
  }
}

/** Imported when the first query comes again, since nobody's first answer needs it. */
const compiler = once(() => import('graphql-jit'))

function compile(
  { compileQuery, isCompiledQuery }: typeof import('graphql-jit'),
  schema: GraphQLSchema,
  document: DocumentNode,
): CompiledQuery | 'not compiled' {
  if (!isCompilable(document)) return 'not compiled'
  awaitRecords(schema)
  const query = compileQuery(schema, document)
  return isCompiledQuery(query) ? query : 'not compiled'
}

/**
 * Not what changes anything, since it must not be executed again; and not where `__proto__` and the like are names of
 * fields, since compiled code makes plain objects.
 */
function isCompilable(document: DocumentNode): boolean {
  let compilable = true
  visit(document, {
    [Kind.OPERATION_DEFINITION]({ operation }) {
      if (operation !== OperationTypeNode.QUERY) compilable = false
    },
    [Kind.FIELD]({ name, alias }) {
      if ((alias ?? name).value in Object.prototype) compilable = false
    },
  })
  return compilable
}

const prepared = new WeakSet<GraphQLSchema>()

/**
 * Of fields without a resolver, graphql-jit takes what a record holds without looking whether it is a promise or a
 * function. Built-in scalars fail then, and graphql-js executes again; the others would be wrong without a word, so
 * they are given the resolver that graphql-js uses.
 */
function awaitRecords(schema: GraphQLSchema): void {
  if (prepared.has(schema)) return
  prepared.add(schema)
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue
    for (const field of Object.values(type.getFields())) {
      const inner = getNamedType(field.type)
      if (!isSpecifiedScalarType(inner)) field.resolve ??= defaultFieldResolver
    }
  }
}
