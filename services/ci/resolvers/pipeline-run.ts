import { graphqlFailure } from '#lib/failure.ts'
import { provenanceOf } from '#lib/reading.ts'
import { repositoryAddress } from '#lib/repository-url.ts'
import { commitEntry } from '../commit.ts'
import { keyOf } from '../forge.ts'
import type { Forges } from '../forges.ts'
import type { Lookups } from '../lookups.ts'
import { soleWindowsOf } from '../pipeline-run.ts'
import type { PipelineRunResolvers } from '../schema.generated.ts'
import { dateTime } from './times.ts'

/** `PipelineRun`. */
export function pipelineRunResolvers(forges: Forges, lookups: Lookups): PipelineRunResolvers {
  return {
    __resolveReference: ({ id }, context) => lookups.pipelineRun(id, context),
    name: ({ record }) => record.name,
    status: ({ record }) => record.status,
    event: ({ record }) => record.event,
    branch: ({ record }) => record.branch,
    actor: ({ record }) => record.actor,
    createdAt: ({ record }) => dateTime(record.createdAt),
    startedAt: ({ record }) => dateTime(record.startedAt),
    endedAt: ({ record }) => dateTime(record.endedAt),
    durationSeconds: ({ record: { startedAt, endedAt } }) =>
      startedAt === null || endedAt === null ? null : (endedAt - startedAt) / 1_000,
    commit: ({ forge, record: { repository, sha } }) => {
      const address = repositoryAddress(forge.connected.port.places.addressOf(repository))
      return sha === null || !address ? null : commitEntry(address, sha)
    },
    jobs: async ({ forge, record }, _, context) => {
      const { value, failure } = await forges.loaders(forge, context).jobs.load(keyOf(record.repository, record.run))
      if (value === undefined && failure) throw graphqlFailure(failure)
      return value?.map(({ startedAt, endedAt, ...job }) => ({
        ...job,
        ...{ startedAt: dateTime(startedAt), endedAt: dateTime(endedAt) },
      }))
    },
    soleWindows: async ({ forge, record }, _, context) => {
      const { repository, sha } = record
      if (sha === null) return null
      const { value } = await forges.loaders(forge, context).part({ repository, sha }, 'runs')
      return value
        ? soleWindowsOf(record, value.runs).map(({ start, end }) => ({
            startsAt: new Date(start).toISOString(),
            endsAt: dateTime(end),
          }))
        : null
    },
    webUrl: ({ record }) => record.webUrl,
    provenance: ({ forge, reading }) => provenanceOf(forge.source, reading),
  }
}
