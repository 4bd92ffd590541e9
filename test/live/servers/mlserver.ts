import { copyFile, mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from './ports.ts'
import { startProcess } from './process.ts'
import { pythonEnvironment } from './python-env.ts'
import { ask, awaitState, loadModel, type RealModelServer, type ServedModel, unloadModel } from './served-model.ts'

/** A model for MLServer: its version is any text, or none; `platform` is free text too. */
export type MlserverModel = ServedModel & { version?: string; platform?: string }

export type RealMlserverOptions = { models: MlserverModel[] }

const version = '1.7.1'

/**
 * Starts a real MLServer without worker processes, with a small runtime of our own, in a folder of its own.
 *
 * Only models that load are there when it starts, since one failed load at start-up ends the process; the others are
 * put beside them afterwards and loaded over the API. Throws when it is not ready after 60 s (usually 2 s).
 */
export async function startRealMlserver({ models }: RealMlserverOptions): Promise<RealModelServer> {
  const { bin } = await pythonEnvironment(`mlserver-${version}`)
  const [http, grpc, metrics] = await freePorts(3)
  const folder = await mkdtemp(join(tmpdir(), 'mlserver-'))
  const url = `http://127.0.0.1:${http}`
  const release = (name: string) => join(folder, `loaded-${models.findIndex((model) => model.name === name)}`)
  const add = async (model: MlserverModel) => {
    const place = join(folder, 'models', String(models.indexOf(model)))
    await mkdir(place, { recursive: true })
    await writeFile(join(place, 'model-settings.json'), JSON.stringify(settingsOf(model, place, release(model.name))))
  }
  const atStart = models.filter(({ state = 'ready' }) => state === 'ready' || state === 'unloaded')
  await mkdir(join(folder, 'models'))
  // A copy, so that Python leaves its compiled form here and not among the sources.
  await copyFile(join(import.meta.dirname, 'mlserver-models/table_model.py'), join(folder, 'table_model.py'))
  await Promise.all(atStart.map(add))
  await writeFile(
    join(folder, 'models', 'settings.json'),
    JSON.stringify({
      ...{ host: '127.0.0.1', http_port: http, grpc_port: grpc, metrics_port: metrics },
      ...{ debug: false, parallel_workers: 0, metrics_dir: folder },
    }),
  )
  const server = await startProcess({
    name: `MLServer ${version}`,
    command: join(bin, 'mlserver'),
    args: ['start', 'models'],
    cwd: folder,
    env: { PATH: `${bin}:/usr/bin:/bin`, PYTHONPATH: folder },
    ready: async () => (await ask(`${url}/v2/health/ready`, { timeoutMs: 2_000 })).ok,
    timeoutMs: 60_000,
  })
  const finishLoading = async (name: string) => {
    await writeFile(release(name), '')
    await awaitState(url, name, 'READY')
  }
  const stop = async () => {
    // MLServer does not end while a load waits. Nothing to release when it has been stopped before.
    for (const { name } of models) await writeFile(release(name), '').catch(() => {})
    await server.stop()
  }
  try {
    for (const model of models) {
      if (!atStart.includes(model)) await add(model)
      await reach(url, model)
    }
  } catch (error) {
    await stop()
    throw error
  }
  return { url, version, stop, finishLoading }
}

async function reach(url: string, { name, state }: MlserverModel): Promise<void> {
  if (state === 'failed') await loadModel(url, name, 'failed')
  if (state === 'unloaded') await unloadModel(url, name)
  if (state !== 'loading') return
  // Answered only when the model is ready, or not at all when the test ends first.
  loadModel(url, name, 'ready').catch(() => {})
  // MLServer has no word for "loading" in its index.
  await awaitState(url, name, 'UNKNOWN')
}

function settingsOf(model: MlserverModel, place: string, release: string): object {
  const { name, version, platform = '', inputs = [], outputs = [], parameters = {}, state } = model
  const extra = {
    metadata: parameters,
    ...(state === 'loading' ? { wait_for_file: release } : {}),
    ...(state === 'failed' ? { missing_file: join(place, 'model.joblib') } : {}),
  }
  return {
    ...{ name, platform, inputs, outputs, implementation: 'table_model.TableModel' },
    parameters: { ...(version === undefined ? {} : { version }), extra },
  }
}
