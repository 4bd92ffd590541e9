import { z } from 'zod'
import type { RuleDocument } from './document.ts'
import type { RuleProblem } from './problem.ts'

const name = z.string().regex(/^[a-z][A-Za-z0-9]*$/, { error: 'a name of letters and digits' })
const value = z.union([z.number(), z.string(), z.boolean()])
const text = z.string().min(1)
const outcome = z.enum(['PASS', 'FAIL', 'UNKNOWN', 'NOT_APPLICABLE'])

const test = z.strictObject({
  name: text,
  given: z.record(z.string(), z.unknown()),
  parameters: z.record(name, value).default({}),
  now: z.iso.datetime().default('2026-01-01T00:00:00Z'),
  missing: z.array(text).default([]),
  incomplete: z.array(text).default([]),
  outcome,
})

const tier = z.strictObject({ framework: text, name: text, as: text, rank: z.int().min(1) })

const file = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, { error: 'an id of lowercase letters, digits and dashes' }),
  title: text,
  description: text,
  kind: z.enum(['health', 'policy', 'tier']),
  on: text,
  severity: z.enum(['INFO', 'WARNING', 'CRITICAL']).default('INFO'),
  why: text.optional(),
  remedy: text.optional(),
  clauses: z.array(z.string().regex(/^[^/\s]+\/\S.*$/, { error: 'a clause, as <pack>/<clause>' })).default([]),
  readiness: z.boolean().default(false),
  gates: z.boolean().default(true),
  tier: tier.optional(),
  parameters: z
    .record(name, z.strictObject({ default: value, type: z.literal('number').optional(), description: text }))
    .default({}),
  facts: text,
  when: text.optional(),
  unknown: text.optional(),
  pass: text,
  message: text,
  tests: z.array(test),
})

/** What is in a rule's file. `docs/rules.md` explains each. */
export type RuleFile = z.output<typeof file>

/** A test within a rule's file. */
export type RuleTest = RuleFile['tests'][number]

/** The content of a rule's file, or what is wrong with it. */
export function readRuleFile(document: RuleDocument): RuleFile | readonly RuleProblem[] {
  if (document.problems.length > 0) return document.problems
  const { data, error } = file.safeParse(document.value)
  if (data) return data
  return error.issues.map((issue) => {
    const path = issue.path.filter((part) => typeof part !== 'symbol')
    return document.problem(path, `${path.join('.')}: ${issue.message}`.replace(/^: /, ''))
  })
}
