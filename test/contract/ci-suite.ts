import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { buildConfig } from '#lib/config/load.ts'
import { repositoryAddress } from '#lib/repository-url.ts'
import { type ConnectedSource, connectSources } from '#lib/sources.ts'
import { UpstreamError } from '#lib/upstream/error.ts'
import { ciAdapters } from '#services/ci/adapters.ts'
import type { CiPort, CommitAnswer, CommitPart, CommitQuestion } from '#services/ci/port.ts'

/** A source as `modelops.yaml` has it, with its kind's own options. */
export interface CiSpec {
  readonly kind: string
  readonly url: string
  readonly [option: string]: unknown
}

/** A running forge that holds `forge()` of ci-forge.ts, and one that cannot be asked. */
interface StartedForge {
  readonly source: CiSpec
  /** The same, asked with credentials that it does not take. */
  readonly refused: CiSpec
  /** Every request so far. */
  calls(): number
  stop(): Promise<void>
}

/** What a kind of forge cannot tell. */
interface Limits {
  /** A pull request is found by its head and its merge only. */
  readonly middleOfPull?: 'unfound'
  /** Reviews come with pull requests when both are asked for. */
  readonly reviews: 'with pull requests' | 'by pull request'
}

export interface CiSubject {
  readonly name: string
  readonly limits: Limits
  /** Requests for one question about every part but protection of 6 commits of two repositories. */
  readonly requests: number
  start(): Promise<StartedForge>
}

/** Connects a source as the composition root does. */
export function connectCi(spec: CiSpec): ConnectedSource<CiPort> {
  const kinds = Object.fromEntries(ciAdapters.map(({ kind, options }) => [kind, options as z.ZodObject]))
  const config = buildConfig({ sources: [{ id: 'forge', ...spec }] }, kinds)
  const [connected] = connectSources<CiPort>(ciAdapters, { config, registries: [], log: pino({ level: 'silent' }) })
  if (!connected) throw new Error(`No adapter is of kind ${spec.kind}: add it to services/ci/adapters.ts.`)
  return connected
}

const sha = (digit: string) => digit.repeat(40)
const CHURN = 'acme/churn'
const HOSTILE = 'acme/__proto__'
const EVERYTHING: CommitPart[] = ['commit', 'reviewedPullRequests', 'runs', 'checks', 'scans']

/** What `CiPort` promises, held against one kind of forge. */
export function describeCiPort({ name, start, limits, requests }: CiSubject): void {
  describe(`${name} as a CI port`, () => {
    let started: StartedForge
    let connected: ConnectedSource<CiPort>
    const call = () => ({ signal: AbortSignal.timeout(20_000) })
    const ask = (key: string, parts: CommitPart[], repository = CHURN): CommitQuestion => {
      return { repository, sha: sha(key), parts: new Set(parts) }
    }
    const answer = async (key: string, parts: CommitPart[], repository = CHURN): Promise<CommitAnswer> => {
      const [one] = await connected.port.commits([ask(key, parts, repository)], call())
      if (!one || one instanceof Error) throw new Error(`No answer for ${key}`, { cause: one })
      return one
    }

    beforeAll(async () => {
      started = await start()
      connected = connectCi(started.source)
    })
    afterAll(async () => {
      await connected.upstream.close()
      await started.stop()
    })

    it('tells a commit', async () => {
      const { commit } = await answer('a', ['commit'])
      expect(commit).toEqual({
        message: 'Weigh seasons',
        author: 'maker',
        authoredAt: Date.UTC(2026, 3, 1, 9),
        webUrl: `https://forge.example/Acme/Churn/commit/${sha('a')}`,
      })
    })

    it('tells a commit that is not there from one that is', async () => {
      expect(await answer('0', EVERYTHING)).toMatchObject({ commit: null, reviewedPullRequests: null, checks: null })
      expect(await answer('a', ['commit'], 'acme/nowhere')).toMatchObject({ commit: null })
    })

    it('tells nothing that was not asked', async () => {
      expect(Object.keys(await answer('a', ['protection']))).toEqual(['protection'])
      expect(Object.keys(await answer('a', ['runs', 'checks']))).toEqual(expect.arrayContaining(['runs', 'checks']))
      expect(Object.keys(await answer('a', ['runs', 'checks'])).length).toBe(2)
    })

    it.each([
      ['its head', 'a', 1],
      ['its merge', 'b', 1],
    ])('finds a pull request by %s', async (_, key, number) => {
      const { pullRequests } = await answer(key, ['pullRequests'])
      expect(pullRequests).toMatchObject({ pullRequests: [{ number, state: 'MERGED', author: 'maker' }], gaps: [] })
    })

    it('tells what a pull request is', async () => {
      const { pullRequests } = await answer('a', ['pullRequests'])
      expect(pullRequests).toMatchObject({
        pullRequests: [
          {
            ...{
              repository: CHURN,
              number: 1,
              title: 'Seasons "quoted" & <é>',
              targetBranch: 'main',
              headSha: sha('a'),
            },
            ...{ createdAt: Date.UTC(2026, 3, 1, 10), mergedAt: Date.UTC(2026, 3, 2, 12) },
          },
        ],
      })
    })

    it('tells pull requests that are open and closed', async () => {
      expect(await answer('d', ['pullRequests'])).toMatchObject({
        pullRequests: { pullRequests: [{ state: 'OPEN', mergedAt: null }] },
      })
      expect(await answer('e', ['pullRequests'])).toMatchObject({
        pullRequests: { pullRequests: [{ state: 'CLOSED' }] },
      })
    })

    it('says of a commit without a pull request that there is none, or that it may be in the middle of one', async () => {
      const gaps = limits.middleOfPull === 'unfound' ? [expect.objectContaining({ reason: 'UNSUPPORTED' })] : []
      expect((await answer('c', ['pullRequests'])).pullRequests).toEqual({ pullRequests: [], gaps })
      const inTheMiddle = (await answer('f', ['pullRequests'])).pullRequests
      if (limits.middleOfPull === 'unfound') expect(inTheMiddle).toEqual({ pullRequests: [], gaps })
      else expect(inTheMiddle).toMatchObject({ pullRequests: [{ number: 1 }], gaps: [] })
    })

    const REVIEWS = {
      truncated: false,
      reviews: [
        { by: 'checker', verdict: 'CHANGES_REQUESTED', at: Date.UTC(2026, 3, 1, 11), sha: sha('f') },
        { by: 'checker', verdict: 'APPROVED', at: Date.UTC(2026, 3, 2, 11), sha: sha('a') },
        { by: 'other', verdict: 'DISMISSED', at: Date.UTC(2026, 3, 2, 11), sha: sha('a') },
      ],
    }

    it('tells reviews by pull request, those that only comment left out', async () => {
      expect(await connected.port.reviews([{ repository: CHURN, number: 1 }], call())).toEqual([REVIEWS])
      expect(await connected.port.reviews([{ repository: CHURN, number: 2 }], call())).toEqual([
        { truncated: false, reviews: [] },
      ])
      expect(await connected.port.reviews([{ repository: CHURN, number: 99 }], call())).toEqual([null])
    })

    it('tells reviews with pull requests where that costs nothing', async () => {
      const { reviewedPullRequests } = await answer('a', ['reviewedPullRequests'])
      const [pull] =
        reviewedPullRequests && 'pullRequests' in reviewedPullRequests ? reviewedPullRequests.pullRequests : []
      expect(pull?.reviews).toEqual(limits.reviews === 'with pull requests' ? REVIEWS : undefined)
    })

    it('tells a pull request by its number, and who merged it', async () => {
      const [pull, none] = await connected.port.pullRequests(
        [1, 99].map((number) => ({ repository: CHURN, number })),
        call(),
      )
      expect(pull).toMatchObject({ number: 1, state: 'MERGED', mergedBy: 'merger' })
      expect(none).toBeNull()
    })

    it('tells the CI runs of a commit', async () => {
      const { runs } = await answer('b', ['runs'])
      expect(runs && 'runs' in runs ? runs.runs : []).toEqual([
        expect.objectContaining({
          ...{
            repository: CHURN,
            run: '12',
            status: 'SUCCESS',
            event: 'push',
            branch: 'main',
            actor: 'merger',
            sha: sha('b'),
          },
          ...{ endedAt: Date.UTC(2026, 3, 2, 13), webUrl: 'https://forge.example/Acme/Churn/actions/runs/12' },
        }),
      ])
      expect((await answer('c', ['runs'])).runs).toEqual({ runs: [], gaps: [] })
    })

    it.each([
      ['11', 'FAILURE'],
      ['13', 'CANCELLED'],
      ['14', 'RUNNING'],
      ['15', 'QUEUED'],
    ])('tells that run %s is %s', async (run, status) => {
      const [record] = await connected.port.runs([{ repository: CHURN, run }], call())
      expect(record).toMatchObject({ run, status })
      if (status === 'RUNNING' || status === 'QUEUED') expect(record).toMatchObject({ endedAt: null })
    })

    it('tells a run by its id, and none where there is none', async () => {
      const keys = ['12', '999'].map((run) => ({ repository: CHURN, run }))
      const [run, none] = await connected.port.runs(keys, call())
      expect(run).toMatchObject({ startedAt: Date.UTC(2026, 3, 2, 12, 1), endedAt: Date.UTC(2026, 3, 2, 13) })
      expect(none).toBeNull()
      expect(await connected.port.runs([{ repository: 'acme/nowhere', run: '12' }], call())).toEqual([null])
    })

    it('tells the jobs of a run', async () => {
      expect(await connected.port.jobs([{ repository: CHURN, run: '12' }], call())).toEqual([
        [
          {
            ...{ name: 'train', status: 'SUCCESS' },
            ...{ startedAt: Date.UTC(2026, 3, 2, 12, 2), endedAt: Date.UTC(2026, 3, 2, 12, 58) },
            webUrl: expect.stringMatching(/^https:\/\/forge\.example\/Acme\/Churn\/actions\/runs\/12\/jobs?\/120$/),
          },
        ],
      ])
    })

    it('tells the latest runs of a repository, newest first', async () => {
      const [list, none] = await connected.port.latestRuns([CHURN, 'acme/nowhere'], call())
      expect(list).toMatchObject({ runs: ['15', '14', '13', '12', '11'].map((run) => ({ run })), gaps: [] })
      expect(none).toBeNull()
    })

    it.each([
      ['b', 'SUCCESS'],
      ['a', 'FAILURE'],
      ['c', null],
    ])('tells all checks of commit %s in one word: %s', async (key, status) => {
      expect((await answer(key, ['checks'])).checks).toEqual({ status })
    })

    it('tells the scans among the checks, and what they count', async () => {
      const finishedAt = Date.UTC(2026, 3, 3, 10)
      expect((await answer('d', ['scans'])).scans).toEqual({
        scans: [
          {
            ...{ kind: 'CONTAINER', name: 'trivy / image', tool: 'Trivy', status: 'FAILURE', critical: 2, high: 1 },
            ...{ finishedAt, webUrl: 'https://scans.example/1' },
          },
          {
            ...{ kind: 'SECRET', name: 'Gitleaks', tool: null, status: 'SUCCESS', critical: null, high: null },
            ...{ finishedAt, webUrl: null },
          },
        ],
        gaps: [],
      })
      expect((await answer('c', ['scans'])).scans).toEqual({ scans: [], gaps: [] })
      expect((await answer('0', ['scans'])).scans).toBeNull()
    })

    it('says that it cannot tell scans where the configuration names none', async () => {
      const unsaid = connectCi({ ...started.source, scans: [] })
      try {
        const [one] = await unsaid.port.commits([ask('d', ['scans'])], call())
        expect(one).toMatchObject({ scans: { scans: [], gaps: [{ reason: 'UNSUPPORTED' }] } })
      } finally {
        await unsaid.upstream.close()
      }
    })

    it('tells whether a commit is on a protected branch', async () => {
      expect((await answer('b', ['protection'])).protection).toEqual({ onProtectedBranch: true })
      expect((await answer('c', ['protection'])).protection).toEqual({ onProtectedBranch: true })
      expect((await answer('d', ['protection'])).protection).toEqual({ onProtectedBranch: false })
      expect((await answer('9', ['protection'], HOSTILE)).protection).toEqual({ onProtectedBranch: false })
    })

    it('completes the beginning of a SHA, and none that several commits or no commit has', async () => {
      const short = ['aaaaaaa', '0000000', '5555'].map((beginning) => ({ repository: CHURN, sha: beginning }))
      expect(await connected.port.fullShas(short, call())).toEqual([sha('a'), null, null])
    })

    it('reads a repository of any name', async () => {
      expect(await answer('9', EVERYTHING, HOSTILE)).toMatchObject({ commit: { message: '__proto__' } })
    })

    it(`asks ${requests} times for all of 6 commits of two repositories`, async () => {
      const before = started.calls()
      const keys = [...'abcde'].map((key) => ask(key, EVERYTHING))
      const answers = await connected.port.commits([...keys, ask('9', EVERYTHING, HOSTILE)], call())
      expect(answers.map((one) => one && 'commit' in one && one.commit !== null)).toEqual(Array(6).fill(true))
      expect(started.calls() - before).toBe(requests)
    })

    it('knows which repositories it has', () => {
      const { places } = connected.port
      const own = repositoryAddress('git@forge.example:Acme/Churn.git')
      const strange = repositoryAddress('https://elsewhere.example/acme/churn')
      const deep = repositoryAddress('https://forge.example/acme/churn/tree/main')
      expect([own, strange, deep].map((address) => address && places.repositoryOf(address))).toEqual([
        CHURN,
        undefined,
        undefined,
      ])
      expect(places.addressOf(CHURN)).toBe('https://forge.example/acme/churn')
    })

    it('knows a run by the address of its page', () => {
      expect(connected.port.runAt('acme/churn/actions/runs/12')).toEqual({ repository: CHURN, run: '12' })
      expect(connected.port.runAt('acme/churn/pulls/12')).toBeUndefined()
    })

    it('says who it is and what it lets us read', async () => {
      const { can, version } = await connected.port.probe(call())
      expect(can).toEqual(expect.arrayContaining(['commits', 'reviews', 'CI runs']))
      expect(version).toMatch(/^\d+\.\d+/)
    })

    it('answers each key with the failure when the credentials are wrong', async () => {
      const wrong = connectCi(started.refused)
      try {
        const [one] = await wrong.port.commits([ask('a', ['commit'])], call())
        const failure = one && 'commit' in one ? one.commit : one
        expect(failure).toBeInstanceOf(UpstreamError)
        expect(failure).toMatchObject({ reason: 'FORBIDDEN' })
        const rest = await Promise.all([
          wrong.port.runs([{ repository: CHURN, run: '12' }], call()),
          wrong.port.reviews([{ repository: CHURN, number: 1 }], call()),
          wrong.port.fullShas([{ repository: CHURN, sha: 'aaaaaaa' }], call()),
        ])
        for (const [failed] of rest) expect(failed).toMatchObject({ reason: 'FORBIDDEN' })
        expect(JSON.stringify([failure, rest])).not.toContain('s3cret')
        await expect(wrong.port.probe(call())).rejects.toMatchObject({ reason: 'FORBIDDEN' })
      } finally {
        await wrong.upstream.close()
      }
    })
  })
}
