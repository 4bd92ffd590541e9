import { readFileSync } from 'node:fs'

/** What is read of vitest's JSON report. */
type Report = {
  numPassedTests: number
  numFailedTests: number
  testResults: { status: string; assertionResults: { status: string }[] }[]
}

/**
 * `summary.ts <vitest's report> <vitest's exit code> <failed steps before it>`: prints "N passed, N failed" and exits
 * with 1 unless everything passed. What failed outside a test counts too, so that a red run never shows 0 failed.
 */
const [file = '', exitCode, stepsFailed] = process.argv.slice(2)
const report = readReport(file)
const passed = report?.numPassedTests ?? 0
const brokenFiles = report?.testResults.filter(isBroken).length ?? 0
const failedTests = (report?.numFailedTests ?? 0) + brokenFiles
const isSilent = failedTests === 0 && (exitCode !== '0' || passed === 0)
const failed = Number(stepsFailed) + failedTests + (isSilent ? 1 : 0)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

/** Undefined when vitest ended before it wrote one: its set-up failed. */
function readReport(path: string): Report | undefined {
  const text = readFileSync(path, 'utf8')
  return text === '' ? undefined : (JSON.parse(text) as Report)
}

/** A file that failed without a failing test: it could not be loaded, or its hooks failed. */
function isBroken({ status, assertionResults }: Report['testResults'][number]): boolean {
  return status === 'failed' && assertionResults.every((test) => test.status !== 'failed')
}
