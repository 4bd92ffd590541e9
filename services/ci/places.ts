import { z } from 'zod'
import { secretText, text } from '#lib/config/options.ts'
import type { RepositoryAddress } from '#lib/repository-url.ts'
import { scansOption } from './scans.ts'

const REPOSITORY = 'a repository as owner/name'

/** The secret of a forge's webhooks. */
const webhookSecret = secretText()
  .optional()
  .describe(
    'Secret of the webhook at the forge that tells `POST /webhooks/<kind>?source=<id>` of pushes, pull requests, statuses and CI runs (as application/json), so that they show at once. Default: none is taken.',
  )

/** Options that every kind of forge has. */
export const forgeOptions = {
  webhookSecret,
  scans: scansOption,
  hosts: z
    .array(text().regex(/^[a-z0-9.-]+$/i, { error: 'a host name without port' }))
    .default([])
    .describe(
      'Names of hosts in the addresses of its repositories, beside that of `url`: of SSH, of a former address. Commits of CI runs are named by the first.',
    ),
  repositories: z
    .array(
      text()
        .regex(/^[^/\s]+\/[^/\s]+$/, { error: REPOSITORY })
        .meta({ expected: REPOSITORY }),
    )
    .optional()
    .describe(
      'The only repositories to look at, as owner/name; `pipelineRuns` lists the runs of these. Default: every one that somebody names.',
    ),
}

/** Which repositories a source is asked about. */
export interface Places {
  /** `owner/name` of a repository by its address; undefined: it is none of this source. */
  repositoryOf(address: RepositoryAddress): string | undefined
  /** The canonical address of a repository. */
  addressOf(repository: string): string
  /** Those that the configuration names. */
  readonly listed: readonly string[]
}

/** `web`: the address of the forge's pages. */
export function createPlaces(
  web: string,
  { hosts, repositories }: { readonly hosts: readonly string[]; readonly repositories?: readonly string[] | undefined },
): Places {
  const { hostname, pathname } = new URL(web)
  const known = [...hosts, hostname].map((host) => host.toLowerCase())
  // Of a forge below a path, such as https://host/git: only its web addresses have it.
  const below = pathname.toLowerCase().split('/').filter(Boolean)
  const listed = (repositories ?? []).map((repository) => repository.toLowerCase())
  return {
    listed,
    repositoryOf: ({ host, path }) => {
      if (!known.includes(host)) return undefined
      const parts = path.split('/')
      const own = below.every((part, i) => parts[i] === part) ? parts.slice(below.length) : parts
      const repository = own.length === 2 ? own.join('/') : undefined
      return repository !== undefined && (repositories === undefined || listed.includes(repository))
        ? repository
        : undefined
    },
    addressOf: (repository) => `https://${[known[0], ...below].join('/')}/${repository}`,
  }
}

/** A repository as parts of a request's path. */
export const repositoryPath = (repository: string): string => {
  // The parts are encoded already, as in the address; what is not gets encoded.
  const encoded = repository.split('/').map((part) => encodeURIComponent(decoded(part)))
  return encoded.join('/')
}

/** A part of an address as the tool itself writes it. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
