import { createHash } from 'node:crypto'
import { z } from 'zod'
import { readRuleDocument } from '#lib/rules/document.ts'
import type { RuleWithFile } from '#lib/rules/files.ts'
import type { RuleProblem } from '#lib/rules/problem.ts'

const text = z.string().min(1)

const clause = z
  .strictObject({
    id: text,
    title: text,
    policies: z.array(text).default([]),
    notJudged: text.optional(),
  })
  .refine(({ policies, notJudged }) => policies.length > 0 || notJudged !== undefined, {
    error: 'expected policies, or notJudged: why no query can judge it',
  })

const file = z.strictObject({
  id: z.string().regex(/^[A-Z][A-Z0-9-]{0,62}$/, { error: 'an id of capital letters, digits and dashes' }),
  title: text,
  source: text,
  publishedAt: z.iso.date().optional(),
  note: text.optional(),
  clauses: z.array(clause).min(1),
})

/** A clause of a pack. */
export type PackClause = z.output<typeof clause>

/** A regulation or a framework, clause by clause, as its file has it. */
export interface Pack extends z.output<typeof file> {
  /** Of the file's text. */
  readonly hash: string
}

/** Reads a pack, or tells everything that is wrong with it. */
export function readPack(
  fileName: string,
  content: string,
  policies: readonly RuleWithFile[],
): { readonly pack: Pack } | { readonly problems: readonly RuleProblem[] } {
  const document = readRuleDocument(fileName, content)
  if (document.problems.length > 0) return { problems: document.problems }
  const { data, error } = file.safeParse(document.value)
  if (!data) {
    const problems = error.issues.map(({ path, message }) => {
      const at = path.filter((part) => typeof part !== 'symbol')
      return document.problem(at, `${at.join('.')}: ${message}`)
    })
    return { problems }
  }
  const known = new Set(policies.map(({ rule }) => rule.id))
  const seen = new Set<string>()
  const problems = data.clauses.flatMap((one, i) => {
    const twice = seen.has(one.id) ? [document.problem(['clauses', i, 'id'], `found the clause ${one.id} twice`)] : []
    seen.add(one.id)
    const lost = one.policies.flatMap((id, j) =>
      known.has(id) ? [] : [document.problem(['clauses', i, 'policies', j], `found ${id}, which is no policy`)],
    )
    return [...twice, ...lost]
  })
  if (problems.length > 0) return { problems }
  return { pack: { ...data, hash: createHash('sha256').update(content).digest('hex').slice(0, 16) } }
}
