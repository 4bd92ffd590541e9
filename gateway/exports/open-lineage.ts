import type { ExportEdge, ExportNode, Lineage } from './lineage.ts'

const PRODUCER = 'https://modelops.example/lineage/v1.0'
const SPECIFICATION = 'https://openlineage.io/spec/2-0-2/OpenLineage.json'

/** What does something, a job in OpenLineage's words; everything else is a dataset there, as OpenLineage has models. */
const JOBS: readonly string[] = ['TrainingRun', 'PipelineRun']

/** Facets of ours beside OpenLineage's own, by name. */
type Facets = Readonly<Record<string, object>>

interface Named {
  readonly namespace: string
  readonly name: string
}

/**
 * A walk as events of OpenLineage 2: one `JobEvent` for each thing that was made, with what it was made from, and one
 * `DatasetEvent` for each other thing. They are the static events of the specification, since no run is reported here: what
 * holds now is told, not when it came about. A step between two things without a run between them is a job of its own,
 * named by the field that says so. Facets hold what OpenLineage has no place for: ids, evidence, and what is missing.
 */
export function toOpenLineage({ root, nodes, edges, incomplete }: Lineage, now: Date): object[] {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const isJob = (id: string) => JOBS.includes(byId.get(id)?.type ?? '')
  const event = (kind: 'JobEvent' | 'DatasetEvent', body: object) => ({
    ...{ eventTime: now.toISOString(), producer: PRODUCER, schemaURL: `${SPECIFICATION}#/$defs/${kind}` },
    ...body,
  })
  const dataset = (id: string) => nameOf(byId.get(id), id)
  /** Beside the thing that the walk began at stands what is missing from the walk as a whole. */
  const walk = (id: string): Facets =>
    id === root ? { modelops_lineage: facet({ root, incomplete: incomplete.map(told) }) } : {}

  const jobs = nodes
    .filter(({ id }) => isJob(id))
    .map((node) => {
      const { id } = node
      const into = edges.filter(({ to }) => to === id)
      const out = edges.filter(({ from }) => from === id)
      return event('JobEvent', {
        job: {
          ...nameOf(node, id),
          facets: { ...nodeFacets(node), ...evidenceFacets([...into, ...out]), ...walk(id) },
        },
        inputs: into.filter(({ from }) => !isJob(from)).map(({ from }) => dataset(from)),
        outputs: out.filter(({ to }) => !isJob(to)).map(({ to }) => dataset(to)),
      })
    })
  const datasets = nodes
    .filter(({ id }) => !isJob(id))
    .map((node) =>
      event('DatasetEvent', {
        dataset: { ...nameOf(node, node.id), facets: { ...nodeFacets(node), ...walk(node.id) } },
      }),
    )
  const direct = Map.groupBy(
    edges.filter(({ from, to }) => !isJob(from) && !isJob(to)),
    ({ to }) => to,
  )
  const steps = [...direct].map(([to, into]) => {
    const fields = [...new Set(into.map(({ field }) => field))].sort().join(' ')
    return event('JobEvent', {
      job: { namespace: 'modelops://step', name: `${fields} ${to}`, facets: evidenceFacets(into) },
      inputs: into.map(({ from }) => dataset(from)),
      outputs: [dataset(to)],
    })
  })
  return [...datasets, ...jobs, ...steps]
}

/** A dataset goes by its own OpenLineage name; other things by their type and what their id says behind it. */
function nameOf(node: ExportNode | undefined, id: string): Named {
  const [type = '', ...parts] = id.split(':')
  if (type === 'Dataset' && parts.length === 2) {
    const [namespace = '', name = ''] = parts.map(decodeURIComponent)
    return { namespace, name }
  }
  return { namespace: `modelops://${node?.type ?? type}`, name: parts.join(':') }
}

/** `_schemaURL` names the contract that describes the facet: the graph's own type. */
const facet = (body: object, type = 'LineageGraph') => ({
  ...{ _producer: PRODUCER, _schemaURL: `${PRODUCER}#/${type}` },
  ...body,
})

function nodeFacets({ id, type, label, depth, truncated, incomplete }: ExportNode): Facets {
  const body = { id, type, label, depth, truncated, incomplete: incomplete.map(told) }
  return { modelops_node: facet(body, 'LineageNode') }
}

function evidenceFacets(edges: readonly ExportEdge[]): Facets {
  return edges.length === 0 ? {} : { modelops_edges: facet({ edges }, 'LineageEdge') }
}

const told = ({ source, reason, message, count }: Lineage['incomplete'][number]) => ({ source, reason, message, count })
