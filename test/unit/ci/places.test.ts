import { describe, expect, it } from 'vitest'
import { repositoryAddress } from '#lib/repository-url.ts'
import { createPlaces, repositoryPath } from '#services/ci/places.ts'

const find = (places: ReturnType<typeof createPlaces>, remote: string) => {
  const address = repositoryAddress(remote)
  return address && places.repositoryOf(address)
}

describe('the repositories of a source', () => {
  it('are those of its host, and of hosts that are named', () => {
    const places = createPlaces('https://git.bank.example:3000', { hosts: ['ssh.bank.example'] })
    expect(find(places, 'https://GIT.bank.example/A/B.git')).toBe('a/b')
    expect(find(places, 'git@ssh.bank.example:a/b')).toBe('a/b')
    expect(find(places, 'https://github.com/a/b')).toBeUndefined()
    expect(find(places, 'https://git.bank.example/a')).toBeUndefined()
    expect(places.addressOf('a/b')).toBe('https://ssh.bank.example/a/b')
  })

  it('are only those that are listed, where some are', () => {
    const places = createPlaces('https://git.bank.example', { hosts: [], repositories: ['A/B'] })
    expect([find(places, 'https://git.bank.example/a/b'), find(places, 'https://git.bank.example/a/c')]).toEqual([
      'a/b',
      undefined,
    ])
    expect(places.listed).toEqual(['a/b'])
  })

  it('may lie below a path, which SSH does not have', () => {
    const places = createPlaces('https://bank.example/Git', { hosts: [] })
    expect(find(places, 'https://bank.example/git/a/b')).toBe('a/b')
    expect(find(places, 'git@bank.example:a/b.git')).toBe('a/b')
    expect(places.addressOf('a/b')).toBe('https://bank.example/git/a/b')
  })

  it('are asked for in one encoding, whatever the address had', () => {
    expect(repositoryPath('a%20b/c')).toBe('a%20b/c')
    expect(repositoryPath('é/50%')).toBe('%C3%A9/50%25')
  })
})
