import { describe, expect, it } from 'vitest'
import { safeLink, withoutCredentials } from '#lib/address.ts'

describe('an address fit to show', () => {
  it.each([
    ['https://user:secret@git.example/a.git', 'https://git.example/a.git'],
    ['https://token@git.example/a.git', 'https://git.example/a.git'],
    ['https://a:p@ss@git.example/x', 'https://git.example/x'],
    ['https://data.example/x.csv?sig=secret#part', 'https://data.example/x.csv'],
    ['git@git.example:risk/churn.git', 'git@git.example:risk/churn.git'],
    ['abfss://container@account.dfs.core.windows.net/x?sig=1', 'abfss://container@account.dfs.core.windows.net/x'],
    ['not an address', 'not an address'],
  ])('%s is shown as %s', (address, shown) => {
    expect(withoutCredentials(address)).toBe(shown)
  })

  it.each(['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'https://'])('%s is no link', (address) => {
    expect(safeLink(address)).toBeNull()
  })
})
