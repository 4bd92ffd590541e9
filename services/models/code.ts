import { safeLink, withoutCredentials } from '#lib/address.ts'
import type { Config } from '#lib/config/schema.ts'
import { tagValue } from './claims.ts'
import type { RunRecord } from './port.ts'
import type { CodeReference } from './schema.generated.ts'

/** What a run's tags say about its code; null: nothing. */
export function codeOf(
  { tags, entryPoint, startedFrom }: Pick<RunRecord, 'tags' | 'entryPoint' | 'startedFrom'>,
  { tags: meaning }: Pick<Config, 'tags'>,
): CodeReference | null {
  const repository = tagValue(tags, meaning.repository)
  const pipelineRun = tagValue(tags, meaning.pipelineRun)
  const code = {
    repositoryUrl: repository === null ? null : withoutCredentials(repository),
    sha: tagValue(tags, meaning.commit),
    branch: tagValue(tags, meaning.branch),
    entryPoint,
    startedFrom,
    pipelineRunUrl: pipelineRun === null ? null : safeLink(withoutCredentials(pipelineRun)),
  }
  return Object.values(code).every((value) => value === null) ? null : code
}
