import { styleText } from 'node:util'
import { pino } from 'pino'
import { readConfiguration } from '#lib/config/read.ts'
import { tryRule } from '#lib/rules/try.ts'
import { loadGovernance } from '#services/governance/judged/load.ts'
import { loadHealthRules } from '#services/health/load-rules.ts'
import { kinds } from './kinds.ts'
import { composeTeamGraph, keptFolder } from './team-subgraphs.ts'

/** `modelops rules test`: runs the tests within the rules' files, of those that ship and those that are configured. */
export async function testRules({ config: configPath }: { config?: string }): Promise<void> {
  const { config, origin } = await readConfiguration({ configPath, env: process.env, cwd: process.cwd(), kinds })
  const log = pino({ level: 'silent' })
  const { supergraphSdl, refused } = await composeTeamGraph({
    config,
    folder: keptFolder(origin),
    env: process.env,
    log,
  })
  for (const { words } of refused) console.error(words)
  let failed = 0
  const files = [...loadHealthRules(config, supergraphSdl), ...loadGovernance(config, supergraphSdl).files]
  for (const { rule, file } of files) {
    const problems = tryRule(rule, file)
    failed += problems.length
    const count = `${file.tests.length} ${file.tests.length === 1 ? 'test' : 'tests'}`
    console.log(styleText(problems.length > 0 ? 'red' : 'green', `${rule.id}: ${count}`))
    for (const problem of problems) console.log(`    ${problem}`)
  }
  if (failed > 0) process.exitCode = 1
}
