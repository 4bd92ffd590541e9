import { readdirSync, readFileSync } from 'node:fs'
import { describe } from 'vitest'
import { startOpenMetadata } from '#demo/openmetadata/index.ts'
import { replayAll, type Volatile } from '../demo-open-inference/recordings.ts'

const FIXTURES = new URL('../../../demo/openmetadata/fixtures/openmetadata-2.0.7/', import.meta.url)
// biome-ignore lint/suspicious/noExplicitAny: composed answers of many forms
const body = (file: string): any => JSON.parse(readFileSync(new URL(`${file}.json`, FIXTURES), 'utf8')).body
const all = readdirSync(FIXTURES).map((file) => file.replace(/\.json$/, ''))

const EXPIRED = ['09-expired-token-401']
const LINEAGE = '17-lineage-getLineage'

const composed: Volatile = { why: 'composed, so without a length', unrecorded: ['content-length'] }
/** Nodes and edges are compared by what is read of them; the ids of documents are the server's own. */
const graphOnly: Volatile = { ...composed, normalise: (answer) => graphOf(answer as Graph) }

interface End {
  type: string
  fullyQualifiedName: string
}
interface Graph {
  nodes: Record<string, { nodeDepth: number; entity: { entityType: string } }>
  upstreamEdges: Record<string, { fromEntity: End; toEntity: End; pipeline?: End }>
  downstreamEdges: Graph['upstreamEdges']
}

function graphOf({ nodes, upstreamEdges, downstreamEdges }: Graph) {
  const ends = (edges: Graph['upstreamEdges']) =>
    Object.values(edges).map(({ fromEntity, toEntity, pipeline }) => [
      ...[fromEntity, toEntity].map(({ type, fullyQualifiedName }) => [type, fullyQualifiedName]),
      pipeline?.fullyQualifiedName,
    ])
  const depths = Object.entries(nodes).map(([name, node]) => [name, node.nodeDepth, node.entity.entityType])
  return { nodes: depths.sort(), up: ends(upstreamEdges), down: ends(downstreamEdges) }
}

function composedData() {
  const { upstreamEdges, downstreamEdges }: Graph = body(LINEAGE)
  const edges = [...Object.values(upstreamEdges), ...Object.values(downstreamEdges)].map((edge) => ({
    ...{ from: edge.fromEntity, to: edge.toEntity },
    ...(edge.pipeline && { pipeline: edge.pipeline.fullyQualifiedName }),
  }))
  const tables = [...body('01-tables-page-1').data, ...body('02-tables-page-2').data]
  const [dashboards, mlmodels] = [body('13-dashboards').data, body('11-mlmodels').data]
  const testCases = body('19-test-cases').data.map((one: { fullyQualifiedName: string }) =>
    one.fullyQualifiedName.endsWith('.amount_between') ? { ...one, results: body('20-test-case-results').data } : one,
  )
  return { tables, dashboards, mlmodels, edges, testCases }
}

describe('the stand-in of OpenMetadata', () => {
  replayAll(
    FIXTURES,
    [
      {
        stage: 'with the composed tables',
        start: () => startOpenMetadata({ data: composedData(), token: '<token>' }),
        replays: all.filter((file) => !EXPIRED.includes(file)),
      },
      { stage: 'with another token', start: () => startOpenMetadata({ token: 'newer' }), replays: EXPIRED },
    ],
    { ...Object.fromEntries(all.map((file) => [file, composed])), [LINEAGE]: graphOnly },
  )
})
