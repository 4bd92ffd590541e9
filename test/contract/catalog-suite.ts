import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { buildConfig } from '#lib/config/load.ts'
import type { DatasetKey } from '#lib/dataset-name.ts'
import { type ConnectedSource, connectSources } from '#lib/sources.ts'
import { UpstreamError } from '#lib/upstream/error.ts'
import { catalogAdapters } from '#services/catalog/adapters.ts'
import type { CatalogPort, DatasetRecord, LineageEdge, NeighboursQuestion } from '#services/catalog/port.ts'
import type { SourceSpec } from './serving-suite.ts'

/** What a catalog is known to say of a dataset, as far as it is given here. */
type ExpectedDataset = DatasetKey & Partial<Omit<DatasetRecord, 'namespace' | 'name'>>

/** A running catalog, and what is known of it. */
interface StartedCatalog {
  readonly source: SourceSpec
  /** All that it has. */
  readonly datasets: readonly ExpectedDataset[]
  /** Which of them is made from which, by their place in the list: all within two steps of the second. Absent: it keeps none. */
  readonly made?: readonly (readonly [from: number, to: number, job: string])[]
  /** Which column is made from which, by the places of their datasets in the list. Absent: lineage tells no columns. */
  readonly traced?: readonly (readonly [from: number, fromColumn: string, to: number, toColumn: string])[]
  /** How the checks of the first dataset stood at a moment before the last results. Absent: it does not keep that. */
  readonly stood?: { readonly at: number; readonly checks: readonly object[] }
  /** Every application that it tells, and what is next to things. Absent: it tells none. */
  readonly applications?: {
    readonly all: readonly object[]
    readonly neighbours: readonly (readonly [question: NeighboursQuestion, ends: readonly object[] | null])[]
  }
  stop(): Promise<void>
}

/** A catalog that the port can be held against, real or stood in for. */
export interface CatalogSubject {
  readonly name: string
  start(): Promise<StartedCatalog>
}

/** A source that models can be of. */
const REGISTRY = z.object({}).meta({ role: 'registry' })

/** Connects a source as the composition root does. */
function connectCatalog(spec: SourceSpec): ConnectedSource<CatalogPort> {
  const kinds = Object.fromEntries(catalogAdapters.map(({ kind, options }) => [kind, options as z.ZodObject]))
  const registry = { id: 'registry', kind: 'registry', url: 'http://127.0.0.1:1' }
  const config = buildConfig({ sources: [{ id: 'catalog', ...spec }, registry] }, { ...kinds, registry: REGISTRY })
  const [connected] = connectSources<CatalogPort>(catalogAdapters, {
    config,
    registries: [],
    log: pino({ level: 'silent' }),
  })
  if (!connected) throw new Error(`No adapter is of kind ${spec.kind}: add it to services/catalog/adapters.ts.`)
  return connected
}

const keyText = ({ namespace, name }: DatasetKey): string => `${namespace} ${name}`

/** What `CatalogPort` promises, held against one kind of catalog. */
export function describeCatalogPort({ name, start }: CatalogSubject): void {
  describe(`${name} as a catalog port`, () => {
    let started: StartedCatalog
    let connected: ConnectedSource<CatalogPort>
    let datasets: readonly DatasetRecord[]
    const call = () => ({ signal: AbortSignal.timeout(20_000) })

    beforeAll(async () => {
      started = await start()
      connected = connectCatalog(started.source)
      const list = await connected.port.datasets(call(), 1_000)
      expect(list.truncated).toBe(false)
      datasets = list.datasets
    })
    afterAll(async () => {
      await connected?.upstream.close()
      await started?.stop()
    })

    it('tells what it can and what it cannot', async () => {
      const { can, cannot } = await connected.port.probe(call())
      expect(can).not.toEqual([])
      expect(cannot).not.toEqual([])
      expect(connected.state.status().state).toBe('UP')
    })

    it('tells every dataset once', () => {
      expect(datasets.map(keyText).sort()).toEqual(started.datasets.map(keyText).sort())
    })

    it('tells of each what is known of it', () => {
      for (const expected of started.datasets) {
        expect(datasets.find((one) => keyText(one) === keyText(expected))).toMatchObject(expected)
      }
    })

    it('gives its reason for each other name', () => {
      const evidence = datasets.flatMap(({ aliases }) => aliases.map((alias) => alias.evidence))
      expect(evidence.filter((text) => text === '')).toEqual([])
    })

    it('survives JSON, so that it can be shared', () => {
      expect(JSON.parse(JSON.stringify(datasets))).toEqual(datasets)
    })

    it('stops once it has read as many as it may, and says so', async () => {
      const { datasets: some, truncated } = await connected.port.datasets(call(), 1)
      expect(truncated).toBe(true)
      expect(some.length).toBeLessThan(datasets.length)
    })

    it('tells what is made from what, with the job, in both directions', async () => {
      const { lineage } = connected.port
      expect(lineage === undefined).toBe(started.made === undefined)
      const [, middle] = started.datasets
      if (!lineage || !middle) return
      const { address = '' } = datasets.find((one) => keyText(one) === keyText(middle)) ?? {}
      const unknown = `${address}: "gone" all/#?`
      const [edges, none] = await lineage(
        [address, unknown].map((one) => ({ address: one, depth: 2 })),
        call(),
      )
      expect(none).toBeNull()
      const told = (edges as readonly LineageEdge[]).map(({ from, to, job }) => [keyText(from), keyText(to), job?.name])
      const at = (i: number) => keyText(started.datasets[i] ?? middle)
      expect(told).toEqual(
        expect.arrayContaining((started.made ?? []).map(([from, to, job]) => [at(from), at(to), job])),
      )
    })

    it('tells which column is made from which, where its lineage does', async () => {
      const { lineage, tracesColumns = false } = connected.port
      const { traced } = started
      expect(tracesColumns).toBe(traced !== undefined)
      const [, middle] = started.datasets
      const found = datasets.find((one) => middle && keyText(one) === keyText(middle))
      if (!lineage || !traced || !found || !middle) return
      const [edges] = await lineage([{ address: found.address, depth: 2 }], call())
      const told = (edges as readonly LineageEdge[]).flatMap(({ from, to, columns = [] }) =>
        columns.map((column) => [keyText(from), column.from, keyText(to), column.to]),
      )
      const at = (i: number) => keyText(started.datasets[i] ?? middle)
      expect(told.sort()).toEqual(traced.map(([from, one, to, other]) => [at(from), one, at(to), other]).sort())
    })

    it('tells how checks stood at a moment, and that it does not know what came before', async () => {
      const { checksAt, tests } = connected.port
      const { stood } = started
      expect(checksAt === undefined).toBe(stood === undefined)
      expect(tests).toBe(started.datasets.some(({ checks }) => checks != null))
      const [first] = started.datasets
      const dataset = datasets.find((one) => first && keyText(one) === keyText(first))
      if (!checksAt || !stood || !dataset) return
      const gone = { ...dataset, name: 'gone "all/#', checks: null }
      const questions = [
        { dataset, at: stood.at },
        { dataset: gone, at: stood.at },
      ]
      const [then, never, ...more] = await checksAt(questions, call())
      expect(then).toEqual(stood.checks)
      expect(never).toBeNull()
      expect(more).toEqual([])
      const [earlier] = await checksAt([{ dataset, at: 1 }], call())
      expect((earlier as typeof dataset.checks)?.every(({ status }) => status === 'UNKNOWN') ?? true).toBe(true)
    })

    it('tells every application once, and what is next to things, where it knows any', async () => {
      const told = connected.port.applications
      const { applications } = started
      expect(told === undefined).toBe(applications === undefined)
      if (!told || !applications) return
      const list = await told.list(call(), 1_000)
      expect(list).toEqual({
        applications: applications.all.map((one) => expect.objectContaining(one)),
        truncated: false,
      })
      expect(JSON.parse(JSON.stringify(list))).toEqual(list)
      const { applications: some, truncated } = await told.list(call(), 1)
      expect([some.length, truncated]).toEqual([1, true])
      const found = await told.neighbours(
        applications.neighbours.map(([question]) => question),
        call(),
      )
      for (const [i, [question, ends]] of applications.neighbours.entries()) {
        expect(found[i], JSON.stringify(question)).toEqual(ends)
      }
    })

    it('rejects as a failure of the source where nobody answers', async () => {
      const gone = connectCatalog({ ...started.source, url: 'http://127.0.0.1:1' })
      await expect(gone.port.datasets(call(), 10)).rejects.toSatisfy(
        (error) => error instanceof UpstreamError && error.reason === 'DOWN' && error.source === 'catalog',
      )
      const told = gone.port.applications
      await expect(told?.list(call(), 10) ?? Promise.reject({ reason: 'DOWN' })).rejects.toMatchObject({
        reason: 'DOWN',
      })
      const [failed] =
        (await told?.neighbours([{ of: { type: 'application', address: 'x' }, direction: 'upstream' }], call())) ?? []
      expect(failed instanceof UpstreamError).toBe(told !== undefined)
      await gone.upstream.close()
    })
  })
}
