import { z } from 'zod'
import type { UpstreamCall } from '#lib/upstream/upstream.ts'
import type { RunRecord } from '../port.ts'
import { inChunks } from './chunks.ts'
import type { Experiments, Server } from './experiments.ts'
import { isIn, isPlainId } from './filter.ts'
import { runRecord } from './records.ts'
import { ask, askAll } from './requests.ts'
import { pages, type Run } from './wire.ts'

/** Ids in one filter: 4,900 were accepted and 5,000 not; an answer of 500 runs is about 1 MB. */
const RUNS_PER_CALL = 500

/**
 * Runs by id, deleted ones too; null: the server has none, or none that it shows to us. A run can lie in an experiment that
 * is newer than the list at hand, so what is not found is looked for once more with a new list.
 */
export async function readRuns(
  server: Server,
  experiments: Experiments,
  runIds: readonly string[],
  call: UpstreamCall,
): Promise<(RunRecord | null)[]> {
  const start = performance.now()
  const found = new Map<string, RunRecord>()
  const plain = runIds.filter(isPlainId)
  await search(server, experiments, plain, call, undefined, found)
  const missing = plain.filter((id) => !found.has(id))
  if (missing.length > 0 && (await isNews(experiments, call, start))) {
    await search(server, experiments, missing, call, start, found)
  }
  const odd = await Promise.all(
    runIds.filter((id) => !isPlainId(id)).map((id) => getRun(server, experiments, id, call)),
  )
  for (const run of odd) if (run) found.set(run.runId, run)
  return runIds.map((id) => found.get(id) ?? null)
}

/** Whether a new list of experiments holds one that the list at hand does not. */
async function isNews(experiments: Experiments, call: UpstreamCall, since: number): Promise<boolean> {
  const before = await experiments.read(call)
  const after = await experiments.read(call, since)
  return [...after.keys()].some((id) => !before.has(id))
}

async function search(
  { id, base, upstream }: Server,
  experiments: Experiments,
  runIds: readonly string[],
  call: UpstreamCall,
  since: number | undefined,
  found: Map<string, RunRecord>,
): Promise<void> {
  if (runIds.length === 0) return
  const known = await experiments.read(call, since)
  if (known.size === 0) return
  const page = await inChunks(runIds, RUNS_PER_CALL, (ids) =>
    askAll(
      upstream,
      id,
      (token) => ({
        method: 'POST',
        path: 'runs/search',
        json: {
          experiment_ids: [...known.keys()],
          filter: isIn('attributes.run_id', ids),
          run_view_type: 'ALL',
          max_results: RUNS_PER_CALL,
          ...(token !== undefined && { page_token: token }),
        },
      }),
      pages.runs,
      call,
    ),
  )
  for (const run of page.flatMap(({ runs }) => runs)) found.set(run.info.run_id, runRecord(run, known, base))
}

const oneRun = z.object({ run: pages.runs.shape.runs.unwrap().element.optional() })

/** An imported run can have an id that no filter finds: it is asked for by itself. */
async function getRun(
  { id, base, upstream }: Server,
  experiments: Experiments,
  runId: string,
  call: UpstreamCall,
): Promise<RunRecord | undefined> {
  const request = { method: 'GET' as const, path: 'runs/get', query: { run_id: runId }, accept: [400, 404] }
  const { run }: { run?: Run | undefined } = await ask(upstream, id, request, oneRun, call)
  return run && runRecord(run, await experiments.read(call), base)
}
