import { createHash } from 'node:crypto'
import { type FragmentDefinitionNode, GraphQLError, Kind, parse, specifiedRules, validate } from 'graphql'
import { checkExpression } from './check.ts'
import { circlesOf } from './circles.ts'
import { type RuleDocument, readRuleDocument } from './document.ts'
import { type RuleEnvironment, ruleEnvironment } from './environment.ts'
import { type RuleFile, readRuleFile } from './file.ts'
import type { RuleGraph } from './graph-schema.ts'
import { type Condition, condition } from './logic.ts'
import { template } from './message.ts'
import type { RuleProblem } from './problem.ts'
import { type Compiled, judge, type Rule } from './rule.ts'
import { shapeOf } from './shape.ts'
import { rootScope, type Scope } from './syntax.ts'

/** What rules of one kind may be. */
export interface RuleKind {
  readonly kind: RuleFile['kind']
  /** Types of things that they can be on. */
  readonly subjects: readonly string[]
  /** Types that they cannot read, since the rules themselves make them. */
  readonly forbidden: readonly string[]
  /** What comes of a judgement for which no source of the kind that could tell is configured. */
  readonly unconfigured: 'NOT_APPLICABLE' | 'UNKNOWN'
}

/** A rule with its file, or everything that is wrong with it. */
export type LoadedRule =
  | { readonly rule: Rule; readonly file: RuleFile }
  | { readonly problems: readonly RuleProblem[] }

/** Fields of a file that only some kinds of rules have. */
const fieldsOf: Readonly<Record<RuleFile['kind'], readonly (keyof RuleFile)[]>> = {
  health: ['severity', 'readiness'],
  policy: ['severity', 'gates', 'clauses'],
  tier: ['tier'],
}
/** Of those, the ones that have to be written. */
const required: readonly (keyof RuleFile)[] = ['severity', 'tier']

/** Rules of GraphQL that do not fit a document of one fragment. */
const rules = specifiedRules.filter(({ name }) => name !== 'NoUnusedFragmentsRule')

/** Reads one rule: its file, its facts against the graph, its expressions against the facts. */
export function loadRule(fileName: string, text: string, graph: RuleGraph, kind: RuleKind): LoadedRule {
  const document = readRuleDocument(fileName, text)
  const file = readRuleFile(document)
  if (!('id' in file)) return { problems: file }
  const problems: RuleProblem[] = []
  const add = (path: string, message: string, offset?: number) =>
    problems.push(document.problem([path], message, offset))
  if (file.kind !== kind.kind) add('kind', `found ${file.kind}, expected ${kind.kind}`)
  if (!kind.subjects.includes(file.on)) add('on', `found ${file.on}, expected one of: ${kind.subjects.join(', ')}`)
  for (const field of new Set(Object.values(fieldsOf).flat())) {
    const own = fieldsOf[file.kind].includes(field)
    if (!own && document.has(field)) add(field, `${field}: found it, which no rule of kind ${file.kind} has`)
    if (own && required.includes(field) && !document.has(field)) add(field, `${field}: expected it, and found nothing`)
  }
  const fragment = readFragment(file, graph, add)
  if (!fragment || problems.length > 0) return { problems }
  for (const { field, type, offset } of circlesOf(fragment, graph, new Set(kind.forbidden))) {
    add('facts', `facts: ${field} leads to ${type}, which rules themselves say: a rule cannot wait for itself`, offset)
  }
  const tags = Object.keys(file.parameters).length > 0 ? tagsOf(file.on, graph) : undefined
  const extra = tags === undefined ? [] : [`${tags} { key value }`]
  const shape = shapeOf(fragment, graph, (message, offset) => add('facts', message, offset), extra)
  if (!shape || problems.length > 0) return { problems }
  const environment = ruleEnvironment(shape, { rule: `${kind.kind}.${file.id}`, parameters: file.parameters, tags })
  const compiled = compile(file, environment, rootScope(environment.root, shape), document)
  if (Array.isArray(compiled)) return { problems: compiled }
  const {
    id,
    title,
    description,
    on,
    severity,
    readiness,
    gates,
    tier,
    parameters,
    clauses,
    why = null,
    remedy = null,
  } = file
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16)
  const rule: Rule = {
    ...{ id, title, description, on, severity, readiness, gates, tier, parameters, clauses, why, remedy, hash, shape },
    judge: (subject) => judge(file, compiled, subject, kind.unconfigured),
  }
  return { rule, file }
}

type Add = (path: string, message: string, offset?: number) => void

/** The one fragment of the facts, valid on what clients see of the graph. */
function readFragment({ facts, on }: RuleFile, graph: RuleGraph, add: Add): FragmentDefinitionNode | undefined {
  try {
    const document = parse(facts)
    const [fragment, ...others] = document.definitions
    if (fragment?.kind !== Kind.FRAGMENT_DEFINITION || others.length > 0) {
      add('facts', `facts: expected one fragment on ${on}`)
      return undefined
    }
    if (fragment.typeCondition.name.value !== on) {
      add('facts', `facts: expected a fragment on ${on}`, fragment.typeCondition.loc?.start)
      return undefined
    }
    for (const { message, positions } of validate(graph.schema, document, rules)) {
      add('facts', `facts: ${message}`, positions?.[0])
    }
    return fragment
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error
    add('facts', `facts: ${error.message}`, error.positions?.[0])
    return undefined
  }
}

/** The field of a type that holds what people stuck on it. */
function tagsOf(type: string, { schema }: RuleGraph): string | undefined {
  const definition = schema.getType(type)
  const fields = definition && 'getFields' in definition ? definition.getFields() : {}
  return ['tags', 'labels'].find((name) => fields[name] !== undefined)
}

/** The rule's expressions and its sentence, or what is wrong with them. */
function compile(
  file: RuleFile,
  environment: RuleEnvironment,
  scope: Scope,
  document: RuleDocument,
): Compiled | RuleProblem[] {
  const problems: RuleProblem[] = []
  const conditionOf = (path: 'when' | 'unknown' | 'pass'): Condition | undefined => {
    const text = file[path]
    if (text === undefined) return undefined
    const checked = checkExpression(text, environment, scope, ['bool'])
    if ('ast' in checked) return condition(checked.ast, environment.cel, scope)
    for (const { message, offset } of checked.problems) {
      problems.push(document.problem([path], `${path}: ${message}`, offset))
    }
    return undefined
  }
  const [when, unknown, pass] = [conditionOf('when'), conditionOf('unknown'), conditionOf('pass')]
  const sentence = template(file.message, environment, scope)
  if ('problems' in sentence) {
    for (const { message, offset } of sentence.problems) {
      problems.push(document.problem(['message'], `message: ${message}`, offset))
    }
  }
  if (problems.length > 0 || !pass || !('template' in sentence)) return problems
  return { environment, when, unknown, pass, message: sentence.template }
}
