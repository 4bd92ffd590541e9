import type { RequestContext } from '#lib/context.ts'
import { graphqlFailure } from '#lib/failure.ts'
import { parseId } from '#lib/ids.ts'
import type { Reading } from '#lib/snapshot.ts'
import { type Forge, keyOf } from './forge.ts'
import type { Forges, Loaders } from './forges.ts'
import { type PipelineRunEntry, pipelineRunEntry } from './pipeline-run.ts'
import { type PullRequestEntry, pullRequestEntry } from './pull-request.ts'

/** The look-ups by id that root fields and references share. Each answers null where there is none, or none to be seen. */
export interface Lookups {
  pullRequest(id: string, context: RequestContext): Promise<PullRequestEntry | null>
  pipelineRun(id: string, context: RequestContext): Promise<PipelineRunEntry | null>
}

/** `renamed`: former ids of sources and the present ones. */
export function createLookups(forges: Forges, renamed: ReadonlyMap<string, string>): Lookups {
  async function look<V, E>(
    id: string,
    type: 'PullRequest' | 'PipelineRun',
    context: RequestContext,
    read: (loaders: Loaders, repository: string, key: string) => Promise<Reading<V | null>> | null,
    entry: (forge: Forge, value: V, reading: Reading<unknown>) => E,
  ): Promise<E | null> {
    const parsed = parseId(id, renamed)
    const [source = '', repository = '', key = ''] = parsed?.type === type ? parsed.parts : []
    const forge = forges.byId(source, context)
    if (!forge || !isRead(forge, repository)) return null
    const reading = await read(forges.loaders(forge, context), repository, key)
    if (reading?.value) return entry(forge, reading.value, reading)
    if (reading?.value === undefined && reading?.failure) throw graphqlFailure(reading.failure)
    return null
  }

  return {
    pullRequest: (id, context) =>
      look(
        ...([id, 'PullRequest', context] as const),
        (loaders, repository, key) =>
          /^[1-9]\d{0,8}$/.test(key) ? loaders.pullRequests.load(keyOf(repository, Number(key))) : null,
        pullRequestEntry,
      ),
    pipelineRun: (id, context) =>
      look(
        ...([id, 'PipelineRun', context] as const),
        (loaders, repository, key) => (/^\d{1,18}$/.test(key) ? loaders.runs.load(keyOf(repository, key)) : null),
        pipelineRunEntry,
      ),
  }
}

/** Whether the source is to be asked about a repository: an id can be written by anybody. */
function isRead({ connected }: Forge, repository: string): boolean {
  const { places } = connected.port
  const [, host = '', path = ''] = /^https:\/\/([^/]+)\/(.+)$/.exec(places.addressOf(repository)) ?? []
  return places.repositoryOf({ url: `https://${host}/${path}`, host, path }) === repository
}
