import { asError } from '#lib/as-error.ts'
import type { UpstreamCall, UpstreamRequest } from '#lib/upstream/upstream.ts'
import type { ArtifactRecord, VersionArtifact } from '../port.ts'
import type { Server } from './experiments.ts'
import { readMlmodel } from './mlmodel.ts'

/**
 * What MLflow answers where there is no such file, or one in a store that the server itself cannot read: 404 on 3.17.2,
 * 500 on 2.22.5 and for stores whose client is not installed beside the server.
 */
const NO_FILE = [400, 404, 500]

/** The MLmodel file of each version, one call each: there is no way to ask for several. */
export async function readArtifacts(
  { upstream }: Server,
  versions: readonly VersionArtifact[],
  call: UpstreamCall,
): Promise<(ArtifactRecord | null | Error)[]> {
  return Promise.all(
    versions.map(async (version) => {
      try {
        const { status, text } = await upstream.request({ ...fileOf(version), accept: NO_FILE }, call)
        return status === 200 ? readMlmodel(text) : null
      } catch (error) {
        return asError(error)
      }
    }),
  )
}

/**
 * Neither address is below /api. A version whose source is `runs:/<run>/<path>` is asked for by its run: the server cannot
 * resolve such a source itself (an error 500, seen on 2.22.5 and 3.17.2).
 */
function fileOf({ model, version, artifactUri }: VersionArtifact): UpstreamRequest {
  const [, runId, path] = /^runs:\/([^/]+)\/(.+)$/.exec(artifactUri ?? '') ?? []
  if (runId !== undefined && path !== undefined) {
    return { method: 'GET', path: '/get-artifact', query: { run_id: runId, path: `${path}/MLmodel` } }
  }
  return { method: 'GET', path: '/model-versions/get-artifact', query: { name: model, version, path: 'MLmodel' } }
}
