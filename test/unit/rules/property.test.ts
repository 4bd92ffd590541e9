import { type FragmentDefinitionNode, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { type AnswerErrors, answerErrors } from '#lib/rules/answer.ts'
import { checkExpression } from '#lib/rules/check.ts'
import { ruleEnvironment } from '#lib/rules/environment.ts'
import { condition } from '#lib/rules/logic.ts'
import { judge } from '#lib/rules/rule.ts'
import { shapeOf } from '#lib/rules/shape.ts'
import { rootScope } from '#lib/rules/syntax.ts'
import { graph } from './graph.ts'
import { chance, completed, type PathError, randomCondition, randomThing, withHoles } from './random.ts'

const FIELDS = 'name ready count domain color words'
const [fragment] = parse(
  `fragment facts on Thing { ${FIELDS} one { ${FIELDS} }
   kids { total nodes { ${FIELDS} kids { total nodes { ${FIELDS} kids { total nodes { name } } } } } } }`,
).definitions
const shape = shapeOf(fragment as FragmentDefinitionNode, graph, (message) => {
  throw new Error(message)
})
if (!shape) throw new Error('The facts of the test are none.')
const environment = ruleEnvironment(shape, { rule: 'random', parameters: {}, tags: undefined })
const scope = rootScope(environment.root, shape)

const RULES = 3_000
const THINGS = 4
const COMPLETIONS = 6

/** A random rule; undefined: the generator made one that cannot be, such as of facts that are not so deep. */
function randomRule(seed: number) {
  const text = randomCondition(chance(seed), 4, [{ name: 'thing', depth: 0, root: true }])
  const checked = checkExpression(text, environment, scope, ['bool'])
  if (!('ast' in checked)) return undefined
  const pass = condition(checked.ast, environment.cel, scope)
  const compiled = { environment, when: undefined, unknown: undefined, pass, message: () => '' }
  return {
    text,
    judge: (raw: unknown, errors: AnswerErrors) =>
      judge(
        { id: 'random', title: 'random' },
        compiled,
        { raw: raw as Readonly<Record<string, unknown>>, at: 'thing', errors, now: new Date(0), overrides: {} },
        'NOT_APPLICABLE',
      ).outcome,
  }
}

describe('random rules on random facts with random holes', () => {
  it('never say PASS or FAIL where another way to fill the holes says otherwise', () => {
    const counts = { rules: 0, decided: 0, unknown: 0 }
    const contradictions: object[] = []
    for (let seed = 1; seed <= RULES; seed += 1) {
      const rule = randomRule(seed)
      if (!rule) continue
      counts.rules += 1
      const random = chance(seed * 7_919)
      for (let thing = 0; thing < THINGS; thing += 1) {
        const tree = randomThing(random, random.pick([0.05, 0.15, 0.3]))
        const errors: PathError[] = []
        const raw = withHoles(tree, random, ['thing'], errors)
        const outcome = rule.judge(raw, answerErrors(errors, 'thing'))
        if (outcome === 'UNKNOWN') {
          counts.unknown += 1
          continue
        }
        counts.decided += 1
        for (let i = 0; i < COMPLETIONS; i += 1) {
          const whole = completed(tree, random)
          const really = rule.judge(whole, answerErrors([], 'thing'))
          if (really !== outcome) contradictions.push({ rule: rule.text, outcome, really, raw, whole })
        }
      }
    }
    expect(contradictions.slice(0, 3)).toEqual([])
    // The test proves nothing where everything is refused, decided or unknown.
    expect(counts.rules).toBeGreaterThan(RULES / 2)
    expect(counts.decided).toBeGreaterThan((RULES * THINGS) / 4)
    expect(counts.unknown).toBeGreaterThan((RULES * THINGS) / 8)
  }, 60_000)
})
