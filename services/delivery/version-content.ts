import type { Incomplete } from '#lib/common.generated.ts'
import type { RequestContext } from '#lib/context.ts'
import type { GraphPort } from '#lib/graph.ts'
import { askNodes } from './ask.ts'
import { type ChangeAspect, type ChangeRecord, differences, type VersionContent } from './compare.ts'

const CONTENT = `query DeliveryVersionContent($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on ModelVersion {
      id
      description
      createdBy
      flavors
      tags { key value }
      parameters { key value }
      metrics { name text dataset }
      signature { inputs { ...spec } outputs { ...spec } }
      model { id owners { name } claims { incomplete { source } } }
      runId
      run {
        inputs { name digest location context }
        code { repositoryUrl sha branch entryPoint }
      }
    }
  }
}
fragment spec on TensorSpec { name dataType shape optional }`

interface Named {
  readonly key: string
  readonly value: string | null
}

interface Spec {
  readonly name: string | null
  readonly dataType: string
  readonly shape: readonly number[] | null
  readonly optional: boolean | null
}

interface ContentNode {
  readonly id: string
  readonly description: string | null
  readonly createdBy: string | null
  readonly flavors: readonly string[] | null
  readonly tags: readonly Named[]
  readonly parameters: readonly Named[] | null
  readonly metrics: readonly { name: string; text: string; dataset: string | null }[] | null
  readonly signature: { readonly inputs: readonly Spec[] | null; readonly outputs: readonly Spec[] | null } | null
  readonly model: {
    readonly id: string
    readonly owners: readonly { readonly name: string }[] | null
    /** Who could tell owners where nobody else does. */
    readonly claims: { readonly incomplete: readonly unknown[] } | null
  }
  readonly runId: string | null
  readonly run: {
    readonly inputs: readonly InputNode[] | null
    readonly code: Readonly<Record<'repositoryUrl' | 'sha' | 'branch' | 'entryPoint', string | null>> | null
  } | null
}

interface InputNode {
  readonly name: string
  readonly digest: string | null
  readonly location: string | null
  readonly context: string | null
}

/** What differs between two versions. */
export interface ComparisonRecord {
  readonly from: { readonly id: string }
  readonly to: { readonly id: string }
  readonly changes: readonly ChangeRecord[]
  readonly incomplete: readonly Incomplete[]
}

/** Asks the graph for two versions and compares them. null: one of them is gone, or the caller may not see it. */
export async function compareVersions(
  graph: GraphPort,
  from: string,
  to: string,
  context: RequestContext,
): Promise<ComparisonRecord | null> {
  const [before = null, after = null] = await askNodes<ContentNode>(graph, CONTENT, [from, to], context)
  for (const one of [before, after]) if (one instanceof Error) throw one
  if (!before || !after || before instanceof Error || after instanceof Error) return null
  const { changes, untold } = differences(contentOf(before), contentOf(after))
  return { from: { id: before.id }, to: { id: after.id }, changes, incomplete: untold.map(untoldOf) }
}

/** A run that was recorded and cannot be had tells nothing; where none was, there is nothing to tell. */
function contentOf(node: ContentNode): VersionContent {
  const { run, signature, parameters, metrics } = node
  const named = (list: readonly Named[] | null) => list && new Map(list.map(({ key, value }) => [key, value]))
  return {
    PARAMETER: named(parameters),
    METRIC:
      metrics && new Map(metrics.map(({ name, text, dataset }) => [dataset ? `${name} on ${dataset}` : name, text])),
    DATASET: run?.inputs ? datasetsOf(run.inputs) : null,
    CODE: run ? new Map(Object.entries(run.code ?? {}).filter(([, value]) => value !== null)) : null,
    SIGNATURE: signature && new Map([...specs('input', signature.inputs), ...specs('output', signature.outputs)]),
    TAG: named(node.tags),
    OWNER: ownersKnown(node.model)
      ? new Map([
          ...(node.model.owners ?? []).map(({ name }) => [`owner ${name}`, name] as const),
          ...(node.createdBy === null ? [] : [['registered by', node.createdBy] as const]),
        ])
      : null,
    OTHER: new Map([
      ...(node.description ? [['description', node.description] as const] : []),
      ...(node.flavors ? [['flavors', node.flavors.toSorted().join(', ')] as const] : []),
    ]),
  }
}

/** While a catalog is silent that could name an owner, that there is none is not known. */
const ownersKnown = ({ owners, claims }: ContentNode['model']): boolean =>
  owners !== null || (claims?.incomplete ?? []).length === 0

/** Inputs by name and purpose; of several with one, the second is told apart by its place. */
function datasetsOf(inputs: readonly InputNode[]): Map<string, string> {
  const values = new Map<string, string>()
  for (const { name, context, digest, location } of inputs) {
    const called = context ? `${name} (${context})` : name
    const place = values.has(called) ? `${called} at ${location}` : called
    values.set(place, [digest && `digest ${digest}`, location].filter(Boolean).join(', '))
  }
  return values
}

function specs(what: 'input' | 'output', list: readonly Spec[] | null): [string, string][] {
  return (list ?? []).map(({ name, dataType, shape, optional }, i) => [
    `${what} ${name ?? i + 1}`,
    [dataType, shape && `[${shape.join(', ')}]`, optional && 'optional'].filter(Boolean).join(' '),
  ])
}

function untoldOf(aspect: ChangeAspect): Incomplete {
  const message = `${aspect} could not be compared: one of the versions does not tell, or could not be asked for it.`
  return { source: null, reason: 'UNSUPPORTED', message, count: null }
}
