import type { Link } from './common.generated.ts'

/** What identifies a registered version. */
export interface VersionIdentity {
  /** Id of the registry source. */
  readonly registry: string
  readonly model: string
  readonly version: string
  readonly runId: string | null
  readonly artifactUri: string | null
  readonly loggedModelId: string | null
}

/** What a server says it serves, by itself and through its source's configuration. */
export interface ServedIdentity {
  /** As the server calls it. */
  readonly name: string
  readonly version: string | null
  readonly declared: Declared | null
}

/** What is said about which registered model it is; null: not said. */
export interface Declared {
  readonly registry: string | null
  readonly modelName: string | null
  readonly modelVersion: string | null
  readonly runId: string | null
  readonly loggedModelId: string | null
  readonly artifactUri: string | null
  /** Who says so: the server (DECLARED), the source's stated convention (MATCHED), the configuration (CONFIGURED). */
  readonly link: Link
}

/** How one registered version and one served model belong together. */
export type Verdict =
  | { readonly same: 'yes'; readonly link: Link }
  /** It is the model; which version is not told. */
  | { readonly same: 'model'; readonly link: Link }
  /** Something speaks against it, whatever the names say. */
  | { readonly same: 'no' }

const NO: Verdict = { same: 'no' }

/**
 * Whether a served model is a registered version: the one judgement behind `ServedModel.origins`, `ModelVersion.servedBy`
 * and `Model.served`, so that both directions agree. It sees one pair. What identifies the loaded artifact (run, logged
 * model, exact address) beats names, and refutes an equal name when it belongs to another version.
 */
export function judge(version: VersionIdentity, served: ServedIdentity): Verdict {
  const { declared } = served
  if (declared?.registry != null && declared.registry !== version.registry) return NO
  if (declared?.link.method === 'CONFIGURED') return byName(version, served, declared)
  const proofs = declared ? artifactProofs(version, declared) : []
  if (proofs.some(({ equal }) => !equal)) return NO
  const [proof] = proofs
  if (!proof) return byName(version, served, declared)
  // One run or artifact may be registered twice: then the names decide between the registrations.
  if (declared?.modelName != null && declared.link.method === 'DECLARED' && declared.modelName !== version.model)
    return NO
  const evidence = `the server declares ${proof.name} = ${proof.value}, which is what the registry has for this version`
  return { same: 'yes', link: { method: 'DECLARED', confidence: 0.98, evidence } }
}

interface Proof {
  readonly name: string
  readonly value: string
  readonly equal: boolean
}

/** What both sides know of the artifact itself. */
function artifactProofs(version: VersionIdentity, declared: Declared): Proof[] {
  const pairs: [string, string | null, string | null][] = [
    [
      'logged model id',
      declared.loggedModelId ?? loggedModelIn(declared.artifactUri),
      version.loggedModelId ?? loggedModelIn(version.artifactUri),
    ],
    ['run id', declared.runId, version.runId],
    ['artifact', exactAddress(declared.artifactUri), exactAddress(version.artifactUri)],
  ]
  return pairs.flatMap(([name, said, known]) => {
    if (said === null || known === null) return []
    const equal = said === known
    // Two addresses can lead to one artifact, so a different one proves nothing.
    return name === 'artifact' && !equal ? [] : [{ name, value: said, equal }]
  })
}

function byName(version: VersionIdentity, served: ServedIdentity, declared: Declared | null): Verdict {
  const reference = registryReference(declared?.artifactUri ?? null)
  const model = declared?.modelName ?? reference?.model ?? served.name
  const number = declared?.modelVersion ?? reference?.version ?? (reference ? null : served.version)
  if (model !== version.model) return NO
  if (number !== null && number !== version.version) return NO
  return { same: number === null ? 'model' : 'yes', link: linkByName(model, number, served, declared, reference) }
}

function linkByName(
  model: string,
  number: string | null,
  served: ServedIdentity,
  declared: Declared | null,
  reference: RegistryReference | undefined,
): Link {
  const method =
    declared === null ? 'GUESSED' : reference && declared.modelName === null ? 'DECLARED' : declared.link.method
  // The same name in two registries is both, and neither for sure.
  const ambiguous = declared?.registry == null && method !== 'GUESSED'
  const shown = number === null ? model : `${model} version ${number}`
  const evidence =
    declared === null
      ? `the server's name for it, ${served.name}${served.version === null ? '' : ` version ${served.version}`}, is that of the registry; no convention is configured`
      : `${declared.link.evidence}: ${shown}`
  if (ambiguous)
    return { method: 'GUESSED', confidence: 0.4, evidence: `${evidence}; which registry is meant is not said` }
  const confidence = { CONFIGURED: 1, DECLARED: 0.9, MATCHED: 0.8, GUESSED: 0.3 }[method]
  return { method, confidence: number === null ? confidence * 0.7 : confidence, evidence }
}

interface RegistryReference {
  readonly model: string
  /** null: an alias, which was resolved when the model was loaded: where it points now proves nothing. */
  readonly version: string | null
}

/** `models:/name/3` and `models:/name@alias`; undefined: no such address. */
function registryReference(uri: string | null): RegistryReference | undefined {
  const [, rest] = uri === null ? [] : (/^models:\/(?!m-[0-9a-f]{32}$)(.+)$/.exec(uri) ?? [])
  if (rest === undefined) return undefined
  const [, versioned, version] = /^(.+)\/(\d+)$/.exec(rest) ?? []
  if (versioned !== undefined) return { model: versioned, version: version ?? null }
  const [, aliased] = /^(.+)@[^@/]+$/.exec(rest) ?? []
  return aliased === undefined ? undefined : { model: aliased, version: null }
}

/** MLflow 3 writes a logged model as `models:/m-…`. */
function loggedModelIn(uri: string | null): string | null {
  return uri === null ? null : (/^models:\/(m-[0-9a-f]{32})$/.exec(uri)?.[1] ?? null)
}

/** An address that names one artifact; `models:/…` names a registered model or a logged one instead. */
function exactAddress(uri: string | null): string | null {
  return uri === null || uri.startsWith('models:/') ? null : uri.replace(/\/+$/, '')
}
