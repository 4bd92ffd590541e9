import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { ConfigurationError } from '#lib/config/problem.ts'
import { Secret } from '#lib/config/secret.ts'
import { linesOf, load } from './sample.ts'

/** No two letters of it stand together in any other word of the text or of an error. */
const LITERAL = 'QZ9XWVKJ'
const FROM_VARIABLE = 'JQXVZ8KW'
const ENV = { TOKEN: FROM_VARIABLE, HOSTNAME_OF_C: 'mlflow.example' }

const TEXT = `sources:
  - id: a
    kind: mlflow
    url: http://a.example
    auth:
      basic:
        username: modelops
        password: ${LITERAL}
  - { id: b, kind: mlflow, url: http://b.example, auth: { header: { name: X-Key, value: ${LITERAL} } } }
  - id: c
    kind: open-inference
    url: http://\${HOSTNAME_OF_C}
    registry: a
    auth: { bearer: "\${TOKEN}" }
  - id: d
    kind: mlflow-scoring
    url: http://d.example
    auth:
      bearer: "${LITERAL}"
people:
  - { id: p, name: P, kind: team, logins: { git: [q] } }
`

/** The same numbers in every run: a linear congruential generator (Numerical Recipes' constants). */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** One slip of the hand, anywhere but within a secret: a character too many, too few or another, or a line gone, doubled or moved. */
function slip(text: string, random: (below: number) => number): string {
  const parts = text.split(/(?<=\n)|(?=QZ9XWVKJ)|(?<=QZ9XWVKJ)/)
  const lines = text.split('\n')
  const part = random(parts.length)
  const line = random(lines.length)
  const chosen = parts[part] ?? ''
  const at = random(chosen.length)
  const character = [...'{}[]:,"\'#&*!|>%@`- \n\t?$x0'][random(25)] ?? ''
  const inPart = (changed: string) => (chosen === LITERAL ? parts : parts.with(part, changed)).join('')
  switch (random(6)) {
    case 0:
      return inPart(chosen.slice(0, at) + chosen.slice(at + 1))
    case 1:
      return inPart(chosen.slice(0, at) + character + chosen.slice(at))
    case 2:
      return inPart(chosen.slice(0, at) + character + chosen.slice(at + 1))
    case 3:
      return lines.toSpliced(line, 1).join('\n')
    case 4:
      return lines.toSpliced(random(lines.length), 0, lines[line] ?? '').join('\n')
    default:
      return lines.with(line, (lines[line] ?? '').slice(random(5))).join('\n')
  }
}

/** Everything a program could show of what loading gave. */
function shownOf(text: string): { shown: string; failed: boolean } {
  try {
    const config = load(text, ENV)
    return {
      shown:
        inspect(
          config.sources.map(({ auth }) => auth),
          { depth: 9 },
        ) + JSON.stringify(config.sources.map(({ auth }) => auth)),
      failed: false,
    }
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    return { shown: inspect(error, { depth: 9 }) + JSON.stringify(error.problems), failed: true }
  }
}

describe('secrets', () => {
  it('are in no error, whatever slips of the hand a file has', () => {
    const random = numbers(20_261)
    let failures = 0
    for (let i = 0; i < 600; i += 1) {
      let text = TEXT
      for (let slips = random(3); slips >= 0; slips -= 1) text = slip(text, random)
      const { shown, failed } = shownOf(text)
      if (shown.includes(LITERAL) || shown.includes(FROM_VARIABLE))
        expect.fail(`a secret is shown:\n${shown}\nof\n${text}`)
      failures += failed ? 1 : 0
    }
    expect(failures).toBeGreaterThan(300)
  })

  it('are not shown where they are of the wrong type or in the wrong place', () => {
    const source = (auth: string) =>
      linesOf(`sources:\n  - { id: a, kind: mlflow, url: http://a.example, auth: ${auth} }`)
    const ways = 'one of: basic, bearer, header'
    expect(source('hunter2')).toEqual([
      `2:57: sources[0].auth: found something that is not shown, expected a map with exactly ${ways}`,
    ])
    expect(source('{ bearer: [hunter2] }')).toEqual(['2:67: sources[0].auth.bearer: found a list, expected text'])
    expect(source('{ bearer: "hunter\\n2" }')).toEqual([
      '2:67: sources[0].auth.bearer: found something that is not shown, expected text without line breaks',
    ])
    expect(source('{ bearer:hunter2 }')).toEqual([
      `2:57: sources[0].auth: found a map, expected exactly ${ways}`,
      `2:59: sources[0].auth: unknown key (not shown), expected ${ways}. Did you mean "bearer"?`,
    ])
    expect(source('{ bearer: &x hunter2 }, timeouts: { connectTimeout: *x }')).toContain(
      '2:109: sources[0].timeouts.connectTimeout: found an alias, expected a number',
    )
  })

  it('are not shown as ids that a reference could mean', () => {
    const text = `sources:
  - { auth: { bearer: &x hunter2 }, id: *x, kind: mlflow, url: http://a.example }
  - { id: s, kind: open-inference, url: http://s.example, registry: hunter }`
    expect(linesOf(text)).toEqual(['3:69: sources[1].registry: found "hunter", expected the id of a registry'])
  })
})

describe('Secret', () => {
  const secret = new Secret('hunter2')

  it('gives its value to who asks for it by name', () => {
    expect(secret.reveal()).toBe('hunter2')
  })

  it('shows itself to nobody else', () => {
    const shown = [
      String(secret),
      `${secret}`,
      JSON.stringify({ secret }),
      inspect({ secret }),
      inspect(secret, { showHidden: true }),
    ]
    expect(shown).toEqual(['[secret]', '[secret]', '{"secret":"[secret]"}', '{ secret: [secret] }', '[secret]'])
    expect(Object.keys(secret)).toEqual([])
  })
})
