/** A query that visitors can open, with the question it answers. */
export interface Example {
  /** The question, in words. */
  readonly title: string
  /** What to look at in the answer, in one line. */
  readonly story: string
  /** GraphQL document with one named operation; its name becomes the tab's title. */
  readonly query: string
}

const inProduction: Example = {
  title: 'What is in production, and is that what is served?',
  story:
    'The registry names a champion; the servers tell what they have loaded. Look for the model where the two differ.',
  query: `# Compare champion.version (what the registry declares) with served.nodes.version (what runs).
# An empty list with something incomplete means "could not ask", not "none".
query InProduction {
  models(where: { hasChampion: true }) {
    nodes {
      name
      champion {
        version
        servedBy {
          nodes {
            servedModel { state endpoint { name environment } }
            link { method confidence evidence }
          }
          incomplete { source reason message }
        }
      }
      served {
        nodes {
          version
          servedModel { state stateMessage endpoint { name environment } }
        }
        incomplete { source reason message }
      }
      provenance { source { id title } fetchedAt stale }
    }
    pageInfo { hasNextPage endCursor }
    incomplete { source reason message }
  }
}
`,
}

const unknownServed: Example = {
  title: 'Endpoints that serve a model no registry knows',
  story: 'No origin and nothing incomplete: nobody registered what is served there.',
  query: `# origins without nodes and without anything incomplete: no registry knows this model.
# With something incomplete it is not known, since a registry could not be asked.
query UnknownServed {
  endpoints {
    nodes {
      name
      environment
      state
      served {
        name
        version
        state
        declared { modelName modelVersion link { method evidence } }
        origins {
          nodes {
            modelVersion { version model { name } }
            link { method confidence evidence }
          }
          incomplete { source reason message }
        }
      }
    }
    incomplete { source reason message }
  }
}
`,
}

const unowned: Example = {
  title: 'Models nobody owns',
  story: 'Owners come from tags and configuration; null means that nothing names one.',
  query: `# owners: null means that nothing says who answers for this model. Each claim names its evidence.
query Unowned {
  models {
    nodes {
      name
      owners { name kind evidence }
      description
      tags { key value }
      champion { version }
      updatedAt
    }
    pageInfo { hasNextPage endCursor }
    incomplete { source reason message }
  }
}
`,
}

const championToRun: Example = {
  title: 'From champion to run: data, code, parameters',
  story: 'How the version in production was made. One model was trained from a laptop: its code names no commit.',
  query: `# code: null, or without a sha: nobody can tell from which source this model was made.
query ChampionToRun {
  models(first: 10, where: { hasChampion: true }) {
    nodes {
      name
      champion {
        version
        runId
        run {
          name
          status
          deleted
          user
          startedAt
          durationSeconds
          inputs { name context digest link { method evidence } }
          code { repositoryUrl sha branch entryPoint }
          parameters { key value }
          metrics { name text }
        }
      }
    }
    pageInfo { hasNextPage endCursor }
    incomplete { source reason message }
  }
}
`,
}

const sources: Example = {
  title: 'Which tools answer, and which do not?',
  story: 'Every configured tool with its state, as the requests so far have seen it. One of them is down.',
  query: `# The state is what requests saw, never a probe: ask for models and endpoints first, then again here.
query Sources {
  sources {
    id
    kind
    title
    status { state message version latencyMilliseconds lastSuccessAt lastFailureAt }
  }
}
`,
}

const inStaging: Example = {
  title: 'What is waiting in staging',
  story: 'Versions by stage and alias, with their age. One has waited for months.',
  query: `# Look for stage "Staging" (older registries) or the alias "staging", and how old createdAt is.
query InStaging {
  models(orderBy: UPDATED_DESC) {
    nodes {
      name
      champion { version }
      versions(first: 20) {
        nodes { version stage aliases status createdAt createdBy }
        incomplete { source reason message }
      }
    }
    pageInfo { hasNextPage endCursor }
    incomplete { source reason message }
  }
}
`,
}

/** The queries GraphiQL offers, in the order of its list; the first one is open when a visitor comes. */
export const examples: readonly [Example, ...Example[]] = [
  inProduction,
  unknownServed,
  unowned,
  championToRun,
  sources,
  inStaging,
]
