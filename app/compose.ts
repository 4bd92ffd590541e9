import { generateAll } from '#schema/generate.ts'
import { changesSince } from '#schema/history.ts'
import { printProblem } from '#schema/problem.ts'

/** `modelops compose`: composes, checks the rules, and writes (or compares) what is generated. */
export async function composeCommand(options: { check?: boolean; since?: string }): Promise<void> {
  const { problems, stale, written, hints } = await generateAll({ check: options.check ?? false })
  for (const problem of problems) console.error(printProblem(problem))
  for (const hint of hints) console.log(`hint: ${hint}`)
  for (const file of stale) console.error(`${file} is stale: run \`npx modelops compose\` and commit it`)
  for (const file of written) console.log(`wrote ${file}`)
  if (problems.length === 0 && stale.length === 0 && written.length === 0)
    console.log('Everything generated is up to date.')
  const unaccepted = options.since === undefined ? [] : tellChanges(options.since)
  if (problems.length + stale.length + unaccepted.length > 0) process.exitCode = 1
}

function tellChanges(since: string): readonly string[] {
  const { breaking, dangerous, unaccepted } = changesSince(since)
  for (const change of dangerous) console.log(`may surprise clients: ${change}`)
  for (const change of breaking) console.log(`breaks clients: ${change}`)
  if (unaccepted.length > 0) {
    console.error(
      'Deprecate first, or put these lines into schema/accepted-breaking-changes.txt, with the reason above them:',
    )
    for (const change of unaccepted) console.error(change)
  }
  return unaccepted
}
