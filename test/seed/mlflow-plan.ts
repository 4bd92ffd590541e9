import { modelFolder } from './mlflow-mlmodel.ts'
import type { SeededModel, SeededRun, SeededRuns, SeededVersion } from './mlflow-types.ts'

/** A version before MLflow has numbered it; what is not said is empty. */
type VersionPlan = Partial<Omit<SeededVersion, 'version'>>

/** A model before MLflow has it: its versions are numbered from 1, in this order. */
export type ModelPlan = Pick<SeededModel, 'name'> &
  Partial<Pick<SeededModel, 'description' | 'tags' | 'aliases'>> & { versions: VersionPlan[] }

/** A run id in MLflow's form that no run has: MLflow accepts it for a source outside its own store. */
const missingRunId = '00000000000000000000000000c0ffee'

/** Names that break a tool which builds URLs, filters or ids by gluing text; every MLflow accepts them. */
export const hostileNames = [
  'O\'Brien "x"',
  '100%',
  '  both ends  ',
  '🚀 rocket-ranker 🛰️',
  'نموذج الاحتيال',
  'n'.repeat(250),
  '__proto__',
  "x' OR name LIKE '%",
  "'; DROP TABLE registered_models; --",
  'q?a=1&b=2#c\\`d`',
]

/** Names that 2.22.5 accepts and 3.17.2 refuses, though one may be left from before an upgrade. */
export const namesOnlyMlflow2Accepts = ['a/b', 'a:b', '..']

/** The models by the stories they tell. */
export function storyModels(runs: SeededRuns): ModelPlan[] {
  const { training, laptop, deleted, inDeletedExperiment } = runs
  const from = ({ runId }: { runId: string }) => ({ runId, source: `runs:/${runId}/model` })
  // What MLflow's own client registers: only from such a source does the server hand out a version's files.
  const artifactsOf = (run: SeededRun) => ({ runId: run.runId, source: `mlflow-artifacts:/${modelFolder(run)}` })
  return [
    {
      ...{ name: 'churn-scorer', description: 'Scores how likely a customer leaves within 90 days.' },
      tags: { owner: 'risk-models', domain: 'retention', purpose: 'Choose whom to call', 'k/1.x y': 'v' },
      versions: [
        // Its folder was never written to.
        { ...artifactsOf(laptop), stage: 'Archived' },
        { ...from(training), description: 'first with plan data' },
        { ...artifactsOf(training), tags: { approved_by: 'model-review', 'note 1': 'ünïcode' } },
      ],
      aliases: { champion: '3', challenger: '2', 'Prod-EU': '3' },
    },
    {
      // Known by stage only, two in it: the newest counts.
      name: 'fraud-detector',
      tags: { owner: 'fraud' },
      versions: [{ stage: 'Archived' }, { ...from(training), stage: 'Production' }, { stage: 'Production' }, {}],
    },
    {
      // The alias beats the stage.
      ...{ name: 'price-forecaster', tags: { owner: 'pricing' }, aliases: { champion: '1' } },
      versions: [from(training), { ...from(laptop), stage: 'Production' }],
    },
    {
      // In text order, 9 would be the newest of 12.
      ...{ name: 'demand-forecaster', aliases: { champion: '10' } },
      versions: Array.from({ length: 12 }, (_, index) => (index === 1 ? { stage: 'Staging' } : {})),
    },
    { name: 'retired-ranker', description: 'Registered, never a version.', versions: [] },
    { name: 'Ledger', tags: { owner: 'finance' }, aliases: { champion: '1' }, versions: [from(training)] },
    { name: 'ledger', tags: { owner: 'pricing' }, aliases: { champion: '2' }, versions: [{}, from(laptop)] },
    {
      // Each version's run is out of reach in another way.
      ...{ name: 'credit-limit', aliases: { champion: '1', challenger: '3' } },
      versions: [
        from(deleted),
        from(inDeletedExperiment),
        { runId: missingRunId, source: 's3://models/credit-limit/3' },
        { runId: null, source: 's3://models/credit-limit/4' },
      ],
    },
  ]
}

/** One model per hostile name, with a version behind an alias, so that joins meet the name too. */
export function hostileModels(names: string[]): ModelPlan[] {
  return names.map((name) => ({ name, aliases: { champion: '1' }, versions: [{}], tags: { owner: name } }))
}
