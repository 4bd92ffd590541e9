import type { UpstreamCall } from '#lib/upstream/upstream.ts'
import type { ArtifactRecord, VersionKey } from '../port.ts'
import type { Server } from './experiments.ts'
import { readMlmodel } from './mlmodel.ts'

/** What MLflow answers where a version has no such file, or one in a store that the server itself cannot read. */
const NO_FILE = [400, 404, 500]

/** The MLmodel file of each version, one call each: there is no way to ask for several. */
export async function readArtifacts(
  { upstream }: Server,
  versions: readonly VersionKey[],
  call: UpstreamCall,
): Promise<(ArtifactRecord | null | Error)[]> {
  return Promise.all(
    versions.map(async ({ model, version }) => {
      try {
        const query = { name: model, version, path: 'MLmodel' }
        // Not below /api, and answered as a download.
        const path = '/model-versions/get-artifact'
        const { status, text } = await upstream.request({ method: 'GET', path, query, accept: NO_FILE }, call)
        return status === 200 ? readMlmodel(text) : null
      } catch (error) {
        return error instanceof Error ? error : new Error(String(error))
      }
    }),
  )
}
