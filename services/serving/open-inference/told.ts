import { registryReference } from '#lib/matching.ts'
import type { Told } from '../identity.ts'
import type { Identity } from './wire.ts'

/** What a server says of the MLflow model behind a served one: by parameters, else by a platform such as `mlflow:iris/2`. */
export function toldBy(parameters: Identity | null, platform: string | null): Told {
  const [, platformModel = null, platformVersion = null] = /^mlflow:(.+)\/([^/]+)$/.exec(platform ?? '') ?? []
  const artifactUri = withoutCredentials(parameters?.mlflow_model_uri ?? null)
  const reference = registryReference(artifactUri)
  const modelName = parameters?.mlflow_model_name ?? parameters?.mlflow_model ?? null
  const modelVersion = parameters?.mlflow_model_version ?? parameters?.mlflow_version ?? null
  return {
    modelName: modelName ?? reference?.model ?? platformModel,
    modelVersion: modelVersion ?? reference?.version ?? (reference || modelName !== null ? null : platformVersion),
    runId: parameters?.mlflow_run_id ?? runIn(artifactUri),
    loggedModelId: parameters?.mlflow_model_id ?? null,
    artifactUri,
  }
}

/** `runs:/<run id>/path` names the run. */
function runIn(uri: string | null): string | null {
  return /^runs:\/([^/]+)\//.exec(uri ?? '')?.[1] ?? null
}

/** Addresses of storage can carry accounts and signatures; neither is needed to tell them apart. */
function withoutCredentials(uri: string | null): string | null {
  return uri === null ? null : uri.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, '$1').replace(/[?#].*$/s, '')
}
