import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { kinds } from '#app/kinds.ts'
import { configurationReference } from '#lib/config/reference.ts'
import { settings } from '#lib/config/settings.ts'
import { load } from './sample.ts'

/** The module whose `kinds` the reference describes: the command and the import above it name the same. */
const KINDS_MODULE = 'app/kinds.ts'
const ROOT = join(import.meta.dirname, '../../..')

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

describe('docs/configuration.md', () => {
  it('is what the schemas say', () => {
    const command = `node lib/config/reference.ts ${KINDS_MODULE} > docs/configuration.md`
    expect(read('docs/configuration.md'), `docs/configuration.md is stale. Write it again: ${command}`).toBe(
      configurationReference(kinds),
    )
  })

  it('describes every option', () => {
    const undescribed = configurationReference(kinds)
      .split('\n')
      .filter((line) => line.startsWith('| `') && line.endsWith('|  |'))
    expect(undescribed).toEqual([])
  })
})

describe('the sample', () => {
  const sample = read('lib/config/sample.yaml')

  it('is a valid configuration', () => {
    const variables = [
      ...['MLFLOW_PASSWORD', 'MLFLOW_WEBHOOK_SECRET', 'CHURN_TOKEN', 'FEATURES_TOKEN', 'REDIS_PASSWORD'],
      ...['STATE_PASSWORD', 'CREDIT_HOOK_SECRET'],
    ]
    const addresses = {
      SLACK_WEBHOOK_URL: 'https://hooks.example/a',
      TEAMS_WEBHOOK_URL: 'https://hooks.example/b?sig=c',
    }
    const { sources, links } = load(sample, {
      ...Object.fromEntries(variables.map((name) => [name, 'a'])),
      ...addresses,
    })
    expect(sources.map(({ id }) => id)).toEqual(['mlflow-prod', 'triton-a', 'churn-scoring'])
    expect(links[0]?.is.version).toBe('7')
  })

  it('shows every section', () => {
    const shown = [...sample.matchAll(/^(\w+):/gm)].map(([, section]) => section)
    expect(shown).toEqual(Object.keys(settings.shape))
  })
})
