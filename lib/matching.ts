import type { Link, LinkMethod } from './common.generated.ts'

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
  /** Of the artifact that the server has loaded, as are the next two: whoever names the model, only the server knows these. */
  readonly runId: string | null
  readonly loggedModelId: string | null
  readonly artifactUri: string | null
  /**
   * Who says which model it is: the server (DECLARED), the source's stated convention (MATCHED), a statement of the
   * configuration (CONFIGURED). Without a `modelName`: who says the rest.
   */
  readonly link: Link
}

/** How one registered version and one served model belong together. */
export type Verdict =
  | { readonly same: 'yes'; readonly link: Link }
  /** It is the model; which version is not told. */
  | { readonly same: 'model'; readonly link: Link }
  /** Something speaks against it, or nothing for it. */
  | { readonly same: 'no' }

/** How far a statement of each kind about which model it is can be trusted. */
export const trust: Readonly<Record<LinkMethod, number>> = { CONFIGURED: 1, DECLARED: 0.9, MATCHED: 0.8, GUESSED: 0.3 }

/** Both sides name one artifact. */
const SAME_ARTIFACT = 0.98
/** Both name one run, and the names differ. */
const SAME_RUN_OTHER_NAME = 0.7
/** The same, and the server declares a logged model that the version does not have. */
const SAME_RUN_OTHER_MODEL = 0.2
/** A name that may belong to any of several registries. */
const SOME_REGISTRY = 0.4

const NO: Verdict = { same: 'no' }

/**
 * Whether a served model is a registered version: the one judgement behind `ServedModel.origins`, `ModelVersion.servedBy`
 * and `Model.served`, so that both directions agree. It sees one pair. What identifies the loaded artifact (logged model,
 * run, exact address) beats names, and refutes an equal name when it belongs to another version. Only a version that the
 * configuration states beats that in turn.
 */
export function judge(version: VersionIdentity, served: ServedIdentity): Verdict {
  const { declared } = served
  if (declared?.registry != null && declared.registry !== version.registry) return NO
  const naming = namingOf(served)
  const agrees = naming.model === version.model && (naming.version === null || naming.version === version.version)
  const proof = declared && !stated(declared) ? proofOf(version, declared) : undefined
  if (!proof) return agrees ? byName(naming, declared?.registry ?? null) : NO
  if (!proof.equal) return NO
  // One run or artifact can be registered twice: then whoever knows the names decides between the registrations.
  if (!agrees && (naming.method === 'DECLARED' || naming.method === 'CONFIGURED')) return NO
  const says = `the server declares ${proof.name} = ${proof.value}, which is what the registry has for this version`
  const evidence = agrees ? says : `${says}, though the server calls it ${shown(naming)}`
  // A run can have made several models, so that under another name the run alone declares none of them.
  if (declared && proof.name === 'run id' && naming.model !== version.model) {
    return { same: 'yes', link: { ...sameRunOnly(declared), evidence } }
  }
  return { same: 'yes', link: { method: 'DECLARED', confidence: SAME_ARTIFACT, evidence } }
}

/**
 * The version of a registered model that a served one says it is, where the registry has none of that number: it was
 * deleted and is served still, or is not in the index yet. undefined: it says none, or another model. `known` are the
 * versions that the registry has. Where the server tells which artifact it loaded, an equal name alone says nothing.
 */
export function judgeUnknown(
  { registry, model }: Pick<VersionIdentity, 'registry' | 'model'>,
  known: ReadonlySet<string>,
  served: ServedIdentity,
): { readonly version: string; readonly link: Link } | undefined {
  const { declared } = served
  if (declared?.registry != null && declared.registry !== registry) return undefined
  const naming = namingOf(served)
  if (naming.model !== model || naming.version === null || known.has(naming.version)) return undefined
  const identified = declared !== null && Object.values(artifactFacts(declared)).some((fact) => fact !== null)
  if (identified && naming.method === 'GUESSED') return undefined
  const verdict = byName(naming, declared?.registry ?? null)
  if (verdict.same === 'no') return undefined
  const { link } = verdict
  return { version: naming.version, link: { ...link, evidence: `${link.evidence}, which the registry does not have` } }
}

/** A logged model that the server declares and this version does not have speaks for another model of the run. */
function sameRunOnly(declared: Declared): Omit<Link, 'evidence'> {
  const namesAnother = artifactFacts(declared)['logged model id'] !== null
  return namesAnother
    ? { method: 'GUESSED', confidence: SAME_RUN_OTHER_MODEL }
    : { method: 'MATCHED', confidence: SAME_RUN_OTHER_NAME }
}

/** The configuration says which version it is, so that what the server declares does not count. */
function stated({ link, modelVersion }: Declared): boolean {
  return link.method === 'CONFIGURED' && modelVersion !== null
}

interface Proof {
  readonly name: 'logged model id' | 'run id' | 'artifact'
  readonly value: string
  readonly equal: boolean
}

/** What both sides know of the artifact itself, by what tells most; undefined: nothing. */
function proofOf(version: VersionIdentity, declared: Declared): Proof | undefined {
  const [said, known] = [artifactFacts(declared), artifactFacts(version)]
  const proofs = proofNames.flatMap((name): Proof[] => {
    const [value, other] = [said[name], known[name]]
    if (value === null || other === null) return []
    const equal = value === other
    // Two addresses can lead to one artifact, so a different one proves nothing.
    return name === 'artifact' && !equal ? [] : [{ name, value, equal }]
  })
  return proofs[0]
}

/** By what they tell, most first. */
const proofNames: readonly Proof['name'][] = ['logged model id', 'run id', 'artifact']

function artifactFacts(
  artifact: Pick<VersionIdentity, 'runId' | 'loggedModelId' | 'artifactUri'>,
): Record<Proof['name'], string | null> {
  const { runId, loggedModelId, artifactUri } = artifact
  return {
    'logged model id': loggedModelId ?? loggedModelIn(artifactUri),
    'run id': runId,
    artifact: exactAddress(artifactUri),
  }
}

/** What everything that is called by a model's name can be found by. */
export const modelKey = (model: string): string => `name: ${model}`

/** What a version can be found by: one that shares no key with a served model is judged `no`. */
export function versionKeys(version: VersionIdentity): readonly string[] {
  return [modelKey(version.model), ...artifactKeys(version)]
}

/** What a served model can be found by. */
export function servedKeys(served: ServedIdentity): readonly string[] {
  return [modelKey(namingOf(served).model), ...(served.declared ? artifactKeys(served.declared) : [])]
}

function artifactKeys(artifact: Parameters<typeof artifactFacts>[0]): string[] {
  return Object.entries(artifactFacts(artifact)).flatMap(([name, value]) => (value === null ? [] : `${name}: ${value}`))
}

/** Which model the served one is called, and by whom. */
interface Naming {
  readonly model: string
  /** null: not told. */
  readonly version: string | null
  readonly method: LinkMethod
  readonly evidence: string
}

function namingOf({ name, version, declared }: ServedIdentity): Naming {
  const reference = registryReference(declared?.artifactUri ?? null)
  if (declared && declared.modelName !== null) {
    const { modelName: model, modelVersion, link } = declared
    const loaded = reference?.model === model ? reference.version : null
    return { model, version: modelVersion ?? loaded, method: link.method, evidence: link.evidence }
  }
  if (reference) return { ...reference, method: 'DECLARED', evidence: `the server declares ${declared?.artifactUri}` }
  const evidence = 'the name on the server is that of the registry, and nothing else says that they are the same'
  return { model: name, version: declared?.modelVersion ?? version, method: 'GUESSED', evidence }
}

function byName(naming: Naming, registry: string | null): Verdict {
  const same = naming.version === null ? 'model' : 'yes'
  const evidence = `${naming.evidence}: ${shown(naming)}`
  // The same name in two registries is both, and neither for sure.
  if (registry === null && naming.method !== 'GUESSED') {
    const unsure = `${evidence}; which registry is meant is not said`
    return { same, link: { method: 'GUESSED', confidence: SOME_REGISTRY, evidence: unsure } }
  }
  return { same, link: { method: naming.method, confidence: trust[naming.method], evidence } }
}

function shown({ model, version }: Naming): string {
  return version === null ? model : `${model} version ${version}`
}

/** A registered model as MLflow addresses it. */
interface RegistryReference {
  readonly model: string
  /** null: an alias or a stage, which was resolved when the model was loaded: where it points now proves nothing. */
  readonly version: string | null
}

/** `models:/name/3`, `models:/name@alias` and `models:/name/Stage`; undefined: no such address. */
export function registryReference(uri: string | null): RegistryReference | undefined {
  const [, model, separator, last = ''] = uri === null ? [] : (/^models:\/([^/].*)([/@])([^/@]+)$/.exec(uri) ?? [])
  if (model === undefined) return undefined
  return { model, version: separator === '/' && /^\d+$/.test(last) ? last : null }
}

/** MLflow 3 writes a logged model as `models:/m-…`. */
function loggedModelIn(uri: string | null): string | null {
  return uri === null ? null : (/^models:\/(m-[0-9a-f]{32})$/.exec(uri)?.[1] ?? null)
}

/** An address that names one artifact wherever it is read; `models:/…` and a path on some machine do not. */
function exactAddress(uri: string | null): string | null {
  if (uri === null || !/^[a-z][a-z0-9+.-]*:/i.test(uri) || /^(models|file):/i.test(uri)) return null
  return uri.replace(/\/+$/, '')
}
