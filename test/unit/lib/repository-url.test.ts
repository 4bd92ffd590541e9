import { describe, expect, it } from 'vitest'
import { pipelineRunKey } from '#lib/pipeline-run-url.ts'
import { commitSha, repositoryAddress } from '#lib/repository-url.ts'

const CHURN = 'https://git.bank.example/retention/churn'

/** Remotes as people have them, and the one address that each means; undefined: none. */
const cases: [remote: string, url: string | undefined][] = [
  ['https://git.bank.example/retention/churn', CHURN],
  ['https://git.bank.example/retention/churn.git', CHURN],
  ['https://git.bank.example/retention/churn.git/', CHURN],
  ['http://git.bank.example/retention/churn', CHURN],
  ['https://git.bank.example:443/retention/churn', CHURN],
  ['https://git.bank.example:8443/retention/churn.git', CHURN],
  ['HTTPS://Git.Bank.Example/Retention/Churn.GIT', CHURN],
  ['https://git.bank.example./retention/churn', CHURN],
  ['https://git.bank.example//retention//churn', CHURN],
  ['  https://git.bank.example/retention/churn.git\n', CHURN],
  ['https://git.bank.example/retention/churn?token=s3cret#readme', CHURN],
  ['https://user:s3cret@git.bank.example/retention/churn', CHURN],
  ['https://s3cret@git.bank.example/retention/churn.git', CHURN],
  ['https://user:s3c@ret@git.bank.example/retention/churn.git', CHURN],
  ['git@git.bank.example:retention/churn.git', CHURN],
  ['git@GIT.bank.example:Retention/Churn', CHURN],
  ['git@git.bank.example:/retention/churn.git', CHURN],
  ['git.bank.example:retention/churn.git', CHURN],
  ['user:s3cret@git.bank.example:retention/churn.git', CHURN],
  ['ssh://git@git.bank.example/retention/churn.git', CHURN],
  ['ssh://git@git.bank.example:2222/retention/churn.git', CHURN],
  ['git+ssh://git@git.bank.example/retention/churn.git', CHURN],
  ['git+https://user:s3cret@git.bank.example/retention/churn.git', CHURN],
  ['git://git.bank.example/retention/churn.git', CHURN],
  ['ssh://git@ssh.github.com:443/acme/churn.git', 'https://github.com/acme/churn'],
  ['https://www.github.com/acme/churn', 'https://github.com/acme/churn'],
  ['https://git.bank.example/one/two/three.git', 'https://git.bank.example/one/two/three'],
  ['https://[::1]:3000/acme/churn', 'https://[::1]/acme/churn'],
  ['git@[::1]:acme/churn.git', 'https://[::1]/acme/churn'],
  ['https://xn--bcher-kva.example/a/b', 'https://xn--bcher-kva.example/a/b'],
  ['https://bücher.example/a/é.git', 'https://xn--bcher-kva.example/a/%c3%a9'],
  ['https://git.bank.example/__proto__/constructor', 'https://git.bank.example/__proto__/constructor'],
  ['https://constructor/a/b', 'https://constructor/a/b'],
  ["https://git.bank.example/o'brien/%25", "https://git.bank.example/o'brien/%25"],
  ['', undefined],
  ['.', undefined],
  ['/home/analyst/churn', undefined],
  ['./churn', undefined],
  ['file:///home/analyst/churn', undefined],
  ['C:\\work\\churn', undefined],
  ['C:/work/churn', undefined],
  ['https://git.bank.example', undefined],
  ['https://git.bank.example/.git', undefined],
  ['https://', undefined],
  ['javascript:alert(1)//', 'https://javascript/alert(1)'],
  // A password with a slash: what stands behind it cannot be told from a path.
  ['https://user:12/s3cret@git.bank.example/retention/churn', undefined],
  ['https://user:s3/cret@git.bank.example/retention/churn', undefined],
]

describe('the canonical address of a repository', () => {
  it.each(cases)('%j is %j', (remote, url) => {
    expect(repositoryAddress(remote)?.url).toBe(url)
  })

  it('is its own canonical address', () => {
    for (const [, url] of cases) if (url !== undefined) expect(repositoryAddress(url)?.url).toBe(url)
  })

  it('never holds a credential', () => {
    for (const [remote] of cases) expect(repositoryAddress(remote)?.url ?? '').not.toMatch(/s3c|cret|token|user/)
  })
})

describe('a SHA', () => {
  it.each([
    ['1ACE2310c0eb6a0a59f69e8e92a2051bd20e7eab', { sha: '1ace2310c0eb6a0a59f69e8e92a2051bd20e7eab', full: true }],
    ['a'.repeat(64), { sha: 'a'.repeat(64), full: true }],
    ['1ace231', { sha: '1ace231', full: false }],
    ['1ace', { sha: '1ace', full: false }],
    ['1ac', undefined],
    ['main', undefined],
    ['1ace231-dirty', undefined],
    ['a'.repeat(65), undefined],
  ])('%j is read as %j', (text, expected) => {
    expect(commitSha(text)).toEqual(expected)
  })
})

describe('the address of a CI run', () => {
  it.each([
    ['https://github.com/acme/churn/actions/runs/42', 'github.com/acme/churn/actions/runs/42'],
    ['https://github.com/Acme/churn/actions/runs/42/attempts/2', 'github.com/acme/churn/actions/runs/42'],
    ['https://github.com/acme/churn/actions/runs/42/job/7?pr=1#step:2:1', 'github.com/acme/churn/actions/runs/42'],
    ['http://git.bank.example:3000/acme/churn/actions/runs/4/jobs/7', 'git.bank.example/acme/churn/actions/runs/4'],
    ['https://user:s3cret@github.com/acme/churn/actions/runs/42/', 'github.com/acme/churn/actions/runs/42'],
    ['javascript:alert(1)', undefined],
    ['42', undefined],
    ['https://github.com/', undefined],
  ])('%j is known by %j', (address, key) => {
    expect(pipelineRunKey(address)).toBe(key)
  })
})
