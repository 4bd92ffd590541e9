import { describe, expect, it } from 'vitest'
import { createWhoIs, independentlyApproved, standingApprovals } from '#services/ci/approval.ts'
import type { PullRequestRecord, ReviewRecord } from '#services/ci/port.ts'

const logins = (forge: string[]) => ({ identityProvider: [], mlflow: [], git: [], forge })
const whoIs = createWhoIs([
  { id: 'maker', name: 'Maker', kind: 'person', logins: logins(['maker', 'Maker-Admin']) },
  { id: 'team', name: 'Team', kind: 'team', logins: logins(['team-dev', 'team-deploy']) },
])

const pull = (more: Partial<PullRequestRecord> = {}): PullRequestRecord => ({
  ...{ repository: 'acme/churn', number: 1, title: 'One', state: 'MERGED', author: 'maker', createdAt: 1 },
  ...{ mergedAt: 100, targetBranch: 'main', headSha: 'head', webUrl: null, ...more },
})
const review = (
  by: string | null,
  verdict: ReviewRecord['verdict'],
  at: number | null = 50,
  sha: string | null = 'head',
) => ({
  ...{ by, verdict, at, sha },
})

describe('independently approved', () => {
  it.each<[string, boolean | null, ReviewRecord[], Partial<PullRequestRecord>]>([
    ['by somebody else, at what was merged', true, [review('checker', 'APPROVED')], {}],
    ['by nobody', false, [], {}],
    ['by the author', false, [review('maker', 'APPROVED')], {}],
    ['by the author in other letters', false, [review('MAKER', 'APPROVED')], {}],
    ['by another account of the author', false, [review('maker-admin', 'APPROVED')], {}],
    ['by another account of the same team', false, [review('team-deploy', 'APPROVED')], { author: 'team-dev' }],
    ['by the author and somebody else', true, [review('maker', 'APPROVED'), review('checker', 'APPROVED')], {}],
    ['at a commit before what was merged', false, [review('checker', 'APPROVED', 50, 'older')], {}],
    ['after it was merged', false, [review('checker', 'APPROVED', 101)], {}],
    ['at an unknown moment', true, [review('checker', 'APPROVED', null)], {}],
    ['and dismissed', false, [review('checker', 'DISMISSED')], {}],
    [
      'and taken back before the merge',
      false,
      [review('checker', 'APPROVED', 50), review('checker', 'CHANGES_REQUESTED', 60)],
      {},
    ],
    [
      'and taken back after the merge',
      true,
      [review('checker', 'APPROVED', 50), review('checker', 'CHANGES_REQUESTED', 160)],
      {},
    ],
    [
      'after changes were asked for',
      true,
      [review('checker', 'CHANGES_REQUESTED', 50), review('checker', 'APPROVED', 60)],
      {},
    ],
    ['by an account that is gone', null, [review(null, 'APPROVED')], {}],
    ['of an author whose account is gone', null, [review('checker', 'APPROVED')], { author: null }],
    ['by nobody, of an author whose account is gone', false, [], { author: null }],
    ['at a commit that is gone', null, [review('checker', 'APPROVED', 50, null)], {}],
    ['by the author, at a commit that is gone', false, [review('maker', 'APPROVED', 50, null)], {}],
    ['while open', null, [review('checker', 'APPROVED')], { state: 'OPEN', mergedAt: null }],
    ['and closed without', null, [review('checker', 'APPROVED')], { state: 'CLOSED', mergedAt: null }],
    ['at an unknown head', null, [review('checker', 'APPROVED')], { headSha: null }],
    ['by a login of a prototype', true, [review('__proto__', 'APPROVED')], {}],
  ])('%s: %s', (_, expected, reviews, more) => {
    expect(independentlyApproved(pull(more), { reviews, truncated: false }, whoIs)).toBe(expected)
  })

  it('is not known where older reviews were not read, unless one that was read decides', () => {
    expect(independentlyApproved(pull(), { reviews: [], truncated: true }, whoIs)).toBeNull()
    expect(independentlyApproved(pull(), { reviews: [review('checker', 'APPROVED')], truncated: true }, whoIs)).toBe(
      true,
    )
  })
})

it('the approvals that stand are the latest word of each reviewer', () => {
  const reviews = [
    ...[review('a', 'APPROVED', 1), review('b', 'APPROVED', 2), review('a', 'CHANGES_REQUESTED', 3)],
    ...[review(null, 'APPROVED', 4), review(null, 'APPROVED', 5), review('c', 'DISMISSED', 6)],
  ]
  expect(standingApprovals({ reviews, truncated: false }).map(({ by, at }) => [by, at])).toEqual([
    ['b', 2],
    [null, 4],
    [null, 5],
  ])
})
