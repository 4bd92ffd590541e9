import { copyFile, cp, mkdtemp, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from './ports.ts'
import { startProcess } from './process.ts'
import { type PythonEnvironment, pythonEnvironment } from './python-env.ts'
import { ask, awaitState, loadModel, type RealModelServer, unloadModel } from './served-model.ts'
import { type TritonModel, writeTritonModel } from './triton-repository.ts'

export type RealTritonOptions = { models: TritonModel[] }

const version = '2.51.0'

/**
 * Starts a real Triton on the CPU with its python backend, in a folder of its own, in explicit control mode.
 *
 * Throws when it is not live after 60 s (usually 1 s), and where its package does not exist: it is made for Linux on
 * x86_64 and needs Python's shared library.
 */
export async function startRealTriton(options: RealTritonOptions): Promise<RealModelServer> {
  const server = await start(options)
  // About once in a hundred times this Triton dies of SIGSEGV while it unloads a model, which is its bug and not ours.
  return server ?? (await start(options)) ?? Promise.reject(new Error(`Triton ${version} crashed twice`))
}

/** Undefined when Triton crashed while its models were brought into their states. */
async function start({ models }: RealTritonOptions): Promise<RealModelServer | undefined> {
  const environment = await tritonEnvironment()
  const [http, metrics] = await freePorts(2)
  const folder = await mkdtemp(join(tmpdir(), 'triton-'))
  const url = `http://127.0.0.1:${http}`
  const release = (name: string) => join(folder, `loaded-${models.findIndex((model) => model.name === name)}`)
  const repository = join(folder, 'repository')
  for (const model of models) await writeTritonModel(repository, model, release(model.name))
  const atStart = models.filter(({ state = 'ready' }) => state === 'ready' || state === 'unloaded')
  const server = await startProcess({
    name: `Triton ${version}`,
    command: join(environment.triton, 'bin/tritonserver'),
    args: [
      ...[`--model-repository=${repository}`, `--backend-directory=${await writeBackend(folder, environment)}`],
      ...['--disable-auto-complete-config', '--model-control-mode=explicit', '--exit-on-error=false'],
      ...atStart.map(({ name }) => `--load-model=${name}`),
      ...['--http-address=127.0.0.1', `--http-port=${http}`, '--allow-grpc=false'],
      ...['--metrics-address=127.0.0.1', `--metrics-port=${metrics}`],
    ],
    cwd: folder,
    env: {
      PATH: `${environment.bin}:/usr/bin:/bin`,
      PYTHONPATH: environment.sitePackages,
      // Without both folders the stub dies unheard and a load never ends.
      LD_LIBRARY_PATH: `${environment.libraryFolder}:${join(environment.sitePackages, 'nvidia_pytriton.libs')}`,
    },
    // "ready" would stay false for ever when one model is broken on purpose.
    ready: async () => (await ask(`${url}/v2/health/live`, { timeoutMs: 2_000 })).ok,
    timeoutMs: 60_000,
  })
  const finishLoading = async (name: string) => {
    await writeFile(release(name), '')
    await awaitState(url, name, 'READY')
  }
  try {
    for (const model of models) await reach(url, model)
  } catch (error) {
    await server.stop()
    if (server.ended() === 'SIGSEGV') return undefined
    throw error
  }
  return { url, version, stop: server.stop, finishLoading }
}

async function reach(url: string, { name, state = 'ready' }: TritonModel): Promise<void> {
  if (state === 'ready') await awaitState(url, name, 'READY')
  if (state === 'failed') await loadModel(url, name, 'failed')
  if (state === 'unloaded') await unloadModel(url, name)
  if (state !== 'loading') return
  // Answered only when the model is ready, or not at all when the test ends first.
  loadModel(url, name, 'ready').catch(() => {})
  await awaitState(url, name, 'LOADING')
}

type TritonEnvironment = PythonEnvironment & { triton: string; stub: string; libraryFolder: string }

/** Says in one line what keeps Triton from running here, before it hangs on it. */
async function tritonEnvironment(): Promise<TritonEnvironment> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('Triton exists as a package for Linux on x86_64 only: run the live tests there, in a container.')
  }
  const environment = await pythonEnvironment(`triton-${version}`)
  const { minor, libraryFolder, executable } = environment.python
  if (!libraryFolder) {
    throw new Error(`Triton needs Python's shared library, which ${executable} lacks: install libpython${minor}.`)
  }
  const triton = join(environment.sitePackages, 'pytriton/tritonserver')
  const stub = join(triton, 'python_backend_stubs', minor, 'triton_python_backend_stub')
  await stat(stub).catch(() => {
    throw new Error(`Triton ${version} ships no stub for Python ${minor}: put Python 3.11 on PATH.`)
  })
  return { ...environment, triton, stub, libraryFolder }
}

/** The python backend looks for its stub beside itself, where the package does not put it. */
async function writeBackend(folder: string, { triton, stub }: TritonEnvironment): Promise<string> {
  const backends = join(folder, 'backends')
  await cp(join(triton, 'backends/python'), join(backends, 'python'), { recursive: true })
  await copyFile(stub, join(backends, 'python/triton_python_backend_stub'))
  return backends
}
