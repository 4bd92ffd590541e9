import { describe, expect, it } from 'vitest'
import { KINDS, linesOf, load, withSource } from './sample.ts'

const title = (text: string, env: NodeJS.ProcessEnv) =>
  load(withSource('', `    title: '${text}'\n`), env).sources[0]?.title

describe('variables in values', () => {
  const cases: [text: string, title: string][] = [
    [`\${A}`, 'one'],
    [`x \${A}-\${B} y`, 'x one-two y'],
    ['$$', '$'],
    [`$$\${A}`, '$one'],
    [`$\${A}`, `\${A}`],
    ['5 $', '5 $'],
    ['$A', '$A'],
  ]
  it.each(cases)('reads %s as %s', (text, expected) => {
    expect(title(text, { A: 'one', B: 'two' })).toBe(expected)
  })

  it('does not look for variables in what a variable holds', () => {
    expect(title(`\${A}`, { A: `\${B}`, B: 'two' })).toBe(`\${B}`)
  })

  it('tells a variable that is not set or empty, by name and line, once', () => {
    const text = withSource(`gateway: { port: "\${PORT_NUMBER}" }`, `    auth: { bearer: "a\${NO}\${EMPTY}" }\n`)
    expect(linesOf(text, { EMPTY: '' })).toEqual([
      `5:21: sources[0].auth.bearer: environment variable NO is not set, expected a value for \${NO}`,
      `5:21: sources[0].auth.bearer: environment variable EMPTY is empty, expected a value for \${EMPTY}`,
      `6:18: gateway.port: environment variable PORT_NUMBER is not set, expected a value for \${PORT_NUMBER}`,
    ])
  })

  it.each(['toString', '__proto__'])('does not take %s for a variable', (name) => {
    expect(linesOf(withSource('', `    title: \${${name}}\n`))).toEqual([
      `5:12: sources[0].title: environment variable ${name} is not set, expected a value for \${${name}}`,
    ])
  })

  it.each([`\${`, `\${}`, `\${A-B}`, `\${A:-b}`])('tells %s, which names no variable', (text) => {
    expect(linesOf(withSource('', `    title: '${text}'\n`))).toEqual([
      `5:12: sources[0].title: found "\${" without a variable's name and "}", expected \${NAME}. For a dollar sign write $$`,
    ])
  })

  it('reads a number or a boolean from a variable where one is expected', () => {
    const text = withSource(`gateway: { port: "\${P}" }`, `    tls: { insecure: "\${I}" }\n`)
    const { gateway, sources } = load(text, { P: '81', I: 'true' })
    expect([gateway.port, sources[0]?.tls?.insecure]).toEqual([81, true])
  })

  it('shows the name of a variable in errors about what it holds, and no near word', () => {
    const text = `sources:
  - { id: "\${ID}", kind: "\${KIND}", url: "\${URL}" }
  - { id: "\${OTHER}", kind: open-inference, url: http://b.example, registry: "\${REGISTRY}" }
gateway: { port: "\${P}" }`
    const env = { ID: 'Xx', KIND: 'mlfow', URL: 'ftp://x', OTHER: 'Xx', REGISTRY: 'Xxx', P: 'x81' }
    const id = 'expected an id of lowercase letters, digits and dashes that starts with a letter'
    expect(linesOf(text, env)).toEqual([
      `2:11: sources[0].id: found "\${ID}", ${id}`,
      `2:26: sources[0].kind: found "\${KIND}", expected one of: ${KINDS}`,
      `2:42: sources[0].url: found "\${URL}", expected an address that starts with http:// or https://`,
      `3:11: sources[1].id: found "\${OTHER}", ${id}`,
      `3:11: sources[1].id: found "\${OTHER}", which is also at sources[0].id on line 2, expected an id that no other source has or had`,
      `3:78: sources[1].registry: found "\${REGISTRY}", expected the id of a registry`,
      `4:18: gateway.port: found "\${P}", expected a number`,
    ])
  })
})
