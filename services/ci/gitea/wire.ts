import { z } from 'zod'
import { login, moment, optionalText, page } from '../reading.ts'

/**
 * What is read of the REST API of Gitea, `/api/v1`, as 1.26.0 answers it. Forgejo answers alike, but for runs, which have
 * names of their own there (its typed client, npm @llamaduck/forgejo-ts 15.0.9).
 */
const sha = z
  .string()
  .nullish()
  .transform((value) => value?.toLowerCase() || null)

export const version = z.object({ version: z.string() })

export const settings = z.object({ max_response_items: z.int().min(1) })

export const repository = z.object({ default_branch: optionalText })

/** Readable for everybody who reads the repository, unlike the rules of protection. */
export const branch = z.object({ protected: z.boolean() })

export const comparison = z.object({ total_commits: z.int() })

export const commit = z.object({
  sha: z.string().transform((value) => value.toLowerCase()),
  html_url: page,
  author: login,
  commit: z.object({
    message: optionalText,
    author: z
      .object({ name: optionalText, date: moment })
      .nullish()
      .transform((author) => author ?? { name: null, date: null }),
  }),
})

/** The combined status, with the newest of each context. Its words are not checked when they are written, so it can be any. */
export const combinedStatus = z.object({
  state: optionalText,
  total_count: z.int().nullish(),
  statuses: z
    .array(
      z.object({
        context: z.string(),
        status: optionalText,
        description: optionalText,
        /** Also the path of a page of Gitea itself. */
        target_url: optionalText,
        updated_at: moment,
      }),
    )
    .nullish()
    .transform((list) => list ?? []),
})

export const pull = z.object({
  number: z.int(),
  title: z.string(),
  state: z.string(),
  merged: z.boolean().nullish(),
  user: login,
  html_url: page,
  created_at: moment,
  merged_at: moment,
  merge_commit_sha: sha,
  /** null in lists, whoever merged it. */
  merged_by: login,
  base: z.object({ ref: optionalText }),
  head: z.object({ sha }),
})

export const pulls = z.array(pull)

export const reviews = z.array(
  z.object({
    user: login,
    state: z.string(),
    dismissed: z.boolean().nullish(),
    commit_id: sha,
    submitted_at: moment,
  }),
)

/** A run as Gitea or as Forgejo writes it. */
export const run = z.object({
  id: z.int().transform(String),
  html_url: page,
  /** `ci.yml@refs/heads/main`: nothing else names the workflow. */
  path: optionalText,
  workflow_id: optionalText,
  event: optionalText,
  status: optionalText,
  /** Absent until it is completed. */
  conclusion: optionalText,
  head_sha: sha,
  commit_sha: sha,
  /** Absent for pull requests. */
  head_branch: optionalText,
  prettyref: optionalText,
  actor: login,
  trigger_user: login,
  created: moment,
  started_at: moment,
  started: moment,
  completed_at: moment,
  stopped: moment,
})

export const runs = z.object({
  workflow_runs: z
    .array(run)
    .nullish()
    .transform((list) => list ?? []),
})

export const jobs = z.object({
  jobs: z
    .array(
      z.object({
        name: z.string(),
        status: optionalText,
        conclusion: optionalText,
        started_at: moment,
        completed_at: moment,
        html_url: page,
      }),
    )
    .nullish()
    .transform((list) => list ?? []),
})

export type WirePull = z.output<typeof pull>
export type WireRun = z.output<typeof run>
