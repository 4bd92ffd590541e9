import type { TestProject } from 'vitest/node'
import { type SeededMlflow, seedMlflow } from '../seed/mlflow.ts'
import { servedByMlserver, servedByTriton } from './served.ts'
import { type MlflowVersion, type RealServer, startRealMlflow } from './servers/mlflow.ts'
import { startRealMlserver } from './servers/mlserver.ts'
import { pythonEnvironments } from './servers/python-env.ts'
import { startRealTriton } from './servers/triton.ts'

/** A real server that all live tests share; they read from it and change nothing. Plain data, for `inject`. */
export type SharedServer = { url: string; version: string }

/** A registry, and what was put into it. */
export type SharedMlflow = SharedServer & { seeded: SeededMlflow }

declare module 'vitest' {
  interface ProvidedContext {
    mlflow2: SharedMlflow
    mlflow3: SharedMlflow
    /** Serves `servedByMlserver(mlflow3.seeded)`. */
    mlserver: SharedServer
    /** Serves `servedByTriton(mlflow2.seeded)`. */
    triton: SharedServer
  }
}

/**
 * Starts every real server once for all live tests, and stops them when the tests are over or when anything here fails.
 * What is missing on this machine is an error, never a reason to skip.
 */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  await pythonEnvironments(['mlflow-2.22.5', 'mlflow-3.17.2', 'mlserver-1.7.1', 'triton-2.51.0'])
  const running: RealServer[] = []
  const stop = async () => {
    await Promise.all(running.map((server) => server.stop()))
  }
  const keep = async (starting: Promise<RealServer>): Promise<SharedServer> => {
    const server = await starting
    running.push(server)
    return { url: server.url, version: server.version }
  }
  const registry = async (version: MlflowVersion): Promise<SharedMlflow> => {
    const server = await keep(startRealMlflow(version))
    return { ...server, seeded: await seedMlflow(server.url) }
  }
  // What a model server declares names runs of its registry, so it starts after that one is seeded.
  const outcomes = await Promise.allSettled([
    registry('3.17.2').then(async (mlflow3) => {
      provide('mlflow3', mlflow3)
      provide('mlserver', await keep(startRealMlserver({ models: servedByMlserver(mlflow3.seeded) })))
    }),
    registry('2.22.5').then(async (mlflow2) => {
      provide('mlflow2', mlflow2)
      provide('triton', await keep(startRealTriton({ models: servedByTriton(mlflow2.seeded) })))
    }),
  ])
  for (const outcome of outcomes) {
    if (outcome.status === 'fulfilled') continue
    await stop()
    throw outcome.reason
  }
  return stop
}
