import type { MlflowData, MlflowVersion, ModelSpec, RunSpec, VersionSpec } from '#demo/mlflow/index.ts'

/** What the recorded server of each version held, as far as the recordings show it. */
export function recordedData(version: MlflowVersion): MlflowData {
  const { base, experimentsAt, ids, times } = RECORDED[version]
  const at = (offset: number) => base + offset
  const isMlflow3 = version === '3.17.2'
  const [nasty, fraud] = experimentsAt
  const tags = { team: 'risk', 'mlflow.note.content': '# Fraud\nmarkdown' }
  return {
    experiments: [
      { id: '0', name: 'Default', createdAt: at(isMlflow3 ? -8895 : -257462) },
      { id: '1', name: 'fraud/detection prod', createdAt: at(fraud), tags },
      { id: '2', name: 'nasty \'exp\' "x" ünï %41', createdAt: at(nasty) },
    ],
    runs: runs(version),
    loggedModels: isMlflow3 ? [loggedModel()] : [],
    models: [
      ...times.map(([name, created, updated]) => plainModel(version, name, at(created), at(updated))),
      fraudDetector(version),
      prompt(version),
      {
        name: 'copied',
        createdAt: at(isMlflow3 ? 2930 : 1806),
        versions: [
          {
            ...{ createdAt: at(isMlflow3 ? 2950 : 1812), description: 'first', source: 'models:/fraud-detector/1' },
            ...{ runId: ids.parent, tags: FIRST_TAGS },
          },
        ],
      },
    ],
  }
}

const COMMIT = '9f1c2d3e4b5a69788796a5b4c3d2e1f001122334'
const MODEL_TAGS = { team: 'risk', 'k/1.x y': 'v' }
const FIRST_TAGS = { 'stage-note': 'x', commit: COMMIT }
const LOGGED_MODEL = 'm-fe267b032fdd43d3b787d88fa264acb5'

/** The tables give times as milliseconds after `base`. */
interface Recorded {
  base: number
  experimentsAt: readonly [number, number]
  ids: Record<'parent' | 'child' | 'otherChild' | 'failed' | 'running' | 'deleted', string>
  /** Name, creation, last update, which is the creation of the second version where there are any. */
  times: readonly (readonly [name: string, created: number, updated: number])[]
}

const RECORDED: Record<MlflowVersion, Recorded> = {
  '2.22.5': {
    base: 1795488649000,
    experimentsAt: [-1094, -1108],
    ids: {
      parent: 'd670475c80ba4748a52521f106b8c232',
      child: 'c29842f31dca4b7e9718deb9c5269c09',
      otherChild: 'f29c12fb07814a6e8083dfee499f5b61',
      failed: '94f01efd602c44eabba3c6e8afb83ee2',
      running: '8dec68c223bc484b92c6a521e50be1cc',
      deleted: '275b72f8fff546c49c1122068dea419c',
    },
    times: [
      ['churn model', 1095, 1351],
      ['modèle-été-日本', 1101, 1383],
      ["o'brien", 1107, 1408],
      ['quote"double', 1112, 1431],
      ['both\'and"', 1118, 1454],
      ['percent%20x', 1124, 1477],
      ['back`tick', 1131, 1501],
      ['a'.repeat(200), 1136, 1528],
      ['semi;colon', 1143, 1552],
      ['under_score', 1150, 1585],
      ["x' AND tags.y = 'z", 1160, 1625],
      ['back\\slash', 1165, 1649],
      ['emoji-🚀', 1171, 1672],
      ['q?a&b=c#d', 1177, 1695],
      ['UPPER', 1182, 1733],
      ['with/slash', 1188, 1188],
      ['with:colon', 1194, 1194],
      ['.', 1204, 1204],
      ['..', 1210, 1210],
      ['b'.repeat(256), 1216, 1216],
      ['b'.repeat(257), 1222, 1222],
    ],
  },
  '3.17.2': {
    base: 1795489659000,
    experimentsAt: [-994, -1008],
    ids: {
      parent: 'b02fc69a1f70413a88541a1900c0e074',
      child: '5188526220e3458e8794cc4c6e673657',
      otherChild: '819e5a081b2c46c08e3c239cd4cc811c',
      failed: '97b048e28b634b9f9f96271b914d3e11',
      running: '3fc85de9402042e4af6841d5bc2aa55e',
      deleted: 'a633d44ec9514faf86aa38870b27be8f',
    },
    times: [
      ['churn model', 1582, 1996],
      ['modèle-été-日本', 1594, 2046],
      ['both\'and"', 1625, 2191],
      ['back`tick', 1645, 2296],
      ['a'.repeat(200), 1658, 2350],
      ['back\\slash', 1699, 2538],
      ['emoji-🚀', 1709, 2585],
      ['UPPER', 1728, 2676],
      ['b'.repeat(256), 1762, 1762],
      ['b'.repeat(257), 1772, 1772],
    ],
  },
}

function plainModel(version: MlflowVersion, name: string, createdAt: number, updatedAt: number): ModelSpec {
  const { parent, otherChild } = RECORDED[version].ids
  // MLflow 2 takes a source of another run than the one that is named, and there the recorded one has it.
  const sourceOf = (runId: string) => `runs:/${version === '2.22.5' ? parent : runId}/model`
  const from = (runId: string, at: number): VersionSpec => ({ createdAt: at, source: sourceOf(runId), runId })
  // When first versions were made is recorded for UPPER alone.
  const first = updatedAt - (version === '2.22.5' ? 19 : 11)
  const described = { name, createdAt, description: `desc of ${name.slice(0, 20)}`, tags: MODEL_TAGS }
  if (createdAt === updatedAt) return described
  const versions = [from(otherChild, first), from(parent, updatedAt)]
  return { ...described, aliases: { champion: '2' }, versions }
}

function fraudDetector(version: MlflowVersion): ModelSpec {
  const { base, ids } = RECORDED[version]
  const isMlflow3 = version === '3.17.2'
  const [created, one, oneChanged, two, twoChanged, three] = isMlflow3
    ? [1565, 1807, 1947, 1831, 1971, 1842]
    : [1086, 1230, 1317, 1244, 1337, 1253]
  const fromRun = { source: `runs:/${ids.parent}/model`, runId: ids.parent }
  const storageLocation = `mlflow-artifacts:/1/models/${LOGGED_MODEL}/artifacts`
  const fromModel = isMlflow3 ? { ...fromRun, source: `models:/${LOGGED_MODEL}`, storageLocation } : fromRun
  const versions: VersionSpec[] = [
    {
      ...{ ...fromModel, createdAt: base + one, updatedAt: base + oneChanged, stage: 'Production' },
      ...{ description: 'first', tags: FIRST_TAGS },
    },
    { ...fromRun, createdAt: base + two, updatedAt: base + twoChanged, stage: 'Staging' },
    { createdAt: base + three, source: 's3://ext-bucket/models/fraud/3' },
    ...(isMlflow3 ? [{ ...fromModel, createdAt: base + 2902 }] : []),
  ]
  return {
    ...{ name: 'fraud-detector', createdAt: base + created, description: 'desc of fraud-detector', tags: MODEL_TAGS },
    aliases: { champion: '1', challenger: '2', 'Prod-EU': '1', '1': '1', ünï: '1' },
    versions,
  }
}

function prompt(version: MlflowVersion): ModelSpec {
  const { base } = RECORDED[version]
  const isPrompt = { 'mlflow.prompt.is_prompt': 'true' }
  const text = { 'mlflow.prompt.text': 'Hello {{name}}' }
  const described = { name: 'greet-prompt', description: 'first' }
  const first = { source: 'dummy-source', description: 'first' }
  if (version === '2.22.5') {
    const versions = [{ ...first, createdAt: base + 1786, tags: { ...isPrompt, ...text } }]
    return { ...described, createdAt: base + 1780, tags: isPrompt, versions }
  }
  const tags = { lang: 'en', ...isPrompt, _mlflow_prompt_type: 'text', ...text }
  return {
    ...{ ...described, createdAt: base + 2800, aliases: { production: '1' } },
    tags: { ...isPrompt, lang: 'en', _mlflow_experiment_ids: ',2,' },
    versions: [{ ...first, createdAt: base + 2811, tags }],
  }
}

function runs(version: MlflowVersion): RunSpec[] {
  const { base, ids } = RECORDED[version]
  const isMlflow3 = version === '3.17.2'
  const experimentId = '1'
  const ofScript = { 'mlflow.user': 'root', 'mlflow.source.name': 'demo_seed.py', 'mlflow.source.type': 'LOCAL' }
  const [child, childAuc, childEnd, parent, parentEnd, logged] = isMlflow3
    ? [1325, 1343, 1352, -3, 1383, 83]
    : [945, 955, 961, 336, 977, 402]
  const steps = isMlflow3 ? [34, 46, 56, 66, 74] : [365, 375, 383, 389, 396]
  const values = [0.8, 0.81, 0.8200000000000001, 0.8300000000000001, 0.8400000000000001]
  const others = { nan_m: Number.NaN, inf_m: Infinity, ninf_m: -Infinity, big: 1e300, 'f1 score': 0.5 }
  const rest = isMlflow3 ? { failed: 1503, failedEnd: 1519, running: 1488, deleted: 1464 } : undefined
  const { failed, failedEnd, running, deleted } = rest ?? {
    failed: 1053,
    failedEnd: 1061,
    running: 1044,
    deleted: 1026,
  }
  return [
    {
      ...{
        id: ids.child,
        experimentId,
        name: 'child',
        user: 'root',
        startedAt: base + child,
        endedAt: base + childEnd,
      },
      tags: { ...ofScript, 'mlflow.parentRunId': ids.parent },
      metrics: [{ key: 'auc', value: 0.7, loggedAt: base + childAuc }],
    },
    {
      ...{ id: ids.parent, experimentId, name: 'train-parent', user: 'root' },
      ...{ startedAt: base + parent, endedAt: base + parentEnd },
      tags: {
        ...ofScript,
        'mlflow.source.git.commit': COMMIT,
        'mlflow.source.git.repoURL': 'https://git.example.com/risk/fraud.git',
        'mlflow.source.git.branch': 'main',
        'ci.pipeline': '4711',
        'mlflow.runName': 'train-parent',
        ...(isMlflow3 ? {} : { 'mlflow.log-model.history': HISTORY }),
      },
      params: PARAMS,
      metrics: [
        ...values.map((value, step) => ({ key: 'auc', value, step, loggedAt: base + (steps[step] ?? 0) })),
        ...Object.entries(others).map(([key, value]) => ({ key, value, loggedAt: base + logged })),
      ],
      datasets: DATASETS,
      modelOutputs: isMlflow3 ? [LOGGED_MODEL] : [],
    },
    {
      ...{ id: ids.failed, experimentId, name: 'failed', user: 'unknown', status: 'FAILED' },
      ...{ startedAt: base + failed, endedAt: base + failedEnd },
    },
    {
      ...{ id: ids.running, experimentId, name: 'running', user: 'unknown' },
      status: 'RUNNING',
      startedAt: base + running,
    },
    {
      ...{ id: ids.deleted, experimentId, name: 'deleted', user: 'unknown' },
      ...{ status: 'RUNNING', startedAt: base + deleted, deleted: true },
    },
  ]
}

const PARAMS = { lr: '0.01', 'learning rate': 'x y', üml: 'ä' }

const COLUMNS =
  '{"mlflow_colspec": [{"type": "double", "name": "amount", "required": true}, {"type": "long", "name": "age", "required": true}, {"type": "long", "name": "label", "required": true}]}'
const TWENTY_ROWS = '{"num_rows": 20, "num_elements": 60}'

const DATASETS = [
  {
    ...{ name: 'transactions_train', digest: '42935d19', sourceType: 'local', schema: COLUMNS, profile: TWENTY_ROWS },
    ...{ source: '{"uri": "/tmp/data/train.csv"}', tags: { 'mlflow.data.context': 'training' } },
  },
  {
    ...{ name: 'tx http', digest: '42935d19', sourceType: 'http', schema: COLUMNS, profile: TWENTY_ROWS },
    source: '{"url": "https://data.example.com/sets/tx%202024.csv"}',
    tags: { 'mlflow.data.context': 'training', owner: 'data' },
  },
  {
    ...{ name: 'bucket.train', digest: '750796e0', sourceType: 's3', schema: COLUMNS },
    ...{ source: '{"uri": "s3://bucket/path/train.parquet"}', profile: '{"num_rows": 7, "num_elements": 21}' },
    tags: { 'mlflow.data.context': 'evaluation' },
  },
]

const HISTORY =
  '[{"run_id": "d670475c80ba4748a52521f106b8c232", "artifact_path": "model", "utc_time_created": "2026-11-24 02:50:49.445722", "model_uuid": "7259a9fdbc9b4584a37e4c1be9f81581", "flavors": {"python_function": {"model_path": "model.pkl", "predict_fn": "predict", "loader_module": "mlflow.sklearn", "python_version": "3.11.7", "env": {"conda": "conda.yaml", "virtualenv": "python_env.yaml"}}, "sklearn": {"pickled_model": "model.pkl", "sklearn_version": "1.9.1", "serialization_format": "cloudpickle", "code": null}}}]'

function loggedModel() {
  const { base, ids } = RECORDED['3.17.2']
  const first = { key: 'auc', value: 0.8, loggedAt: base + 34, runId: ids.parent }
  const others = { nan_m: Number.NaN, inf_m: Infinity, ninf_m: -Infinity, big: 1e300, 'f1 score': 0.5 }
  const rest = Object.entries(others).map(([key, value]) => ({ key, value, loggedAt: base + 83, runId: ids.parent }))
  return {
    ...{ id: LOGGED_MODEL, experimentId: '1', name: 'model', sourceRunId: ids.parent },
    ...{ createdAt: base + 161, updatedAt: base + 1316, params: PARAMS, metrics: [first, ...rest] },
    tags: {
      'mlflow.user': 'root',
      'mlflow.source.name': 'demo_seed.py',
      'mlflow.source.type': 'LOCAL',
      'mlflow.modelVersions': '[{"name": "fraud-detector", "version": 1}, {"name": "fraud-detector", "version": 4}]',
    },
  }
}
