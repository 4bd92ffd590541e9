import {
  type DaysAgo,
  described,
  fromCommit,
  GITHUB,
  modelOf,
  type TeamData,
  type Training,
  trainingRun,
  versionOf,
} from '../build.ts'
import { s3, table, web } from '../datasets.ts'

const TEAM = 'pricing'
const EXPERIMENT = '3'

/** Finds what to charge. */
export function pricing(daysAgo: DaysAgo): TeamData {
  const train = (training: Omit<Training, 'experimentId' | 'user'>) =>
    trainingRun({ experimentId: EXPERIMENT, user: 'pricing-pipelines', ...training })
  const rates = web('market-rates', 'https://statistics.example/rates/daily.csv', 8_760)
  const sales = (version: number) => table('products.sales', version, 640_000 + version * 3_000)

  const elasticity = [1, 2].map((number) =>
    train({
      ...{ of: `price-elasticity ${number}`, startedAt: daysAgo(190 - number * 80) },
      params: { prior: 'horseshoe', draws: '4000' },
      metrics: { rmse: 0.21 - number * 0.02 },
      datasets: [sales(40 + number), rates],
      code: fromCommit('pricing/elasticity', 'elasticity/fit.py', `release ${number}`, GITHUB),
    }),
  )
  // Trained anew every Sunday; the last one is not promoted yet.
  const demand = Array.from({ length: 12 }, (_, week) =>
    train({
      ...{ of: `demand-forecast ${week + 1}`, startedAt: daysAgo(7 * (12 - week) - 3), minutes: 70 },
      params: { horizon_days: '28' },
      metrics: { mape: 0.094 - week * 0.001, bias: 0.002 },
      datasets: [sales(60 + week), rates],
      code: fromCommit('pricing/demand', 'demand/train.py', week < 6 ? 'release 5' : 'release 6', GITHUB),
    }),
  )
  const cap = train({
    ...{ of: 'discount-cap 1', startedAt: daysAgo(540) },
    metrics: { margin: 0.17 },
    datasets: [sales(4)],
    code: fromCommit('pricing/discounts', 'cap/train.py', 'release 1', GITHUB),
  })
  // Deleted when the experiment was tidied, although a version still comes from it.
  const basket = train({
    ...{ of: 'basket-forecast 1', startedAt: daysAgo(300), deleted: true },
    metrics: { mape: 0.13 },
    datasets: [s3('baskets', 's3://bank-events/baskets/', 91_004)],
    code: fromCommit('pricing/baskets', 'baskets/train.py', 'release 1', GITHUB),
  })

  const [elasticity1, elasticity2] = elasticity.map((run) =>
    versionOf(run, {
      signature: { inputs: { price: 'double', segment: 'string' }, outputs: { elasticity: 'double' } },
    }),
  )
  if (!elasticity1 || !elasticity2) throw new Error('Runs are missing')

  return {
    experiments: [{ id: EXPERIMENT, name: 'pricing', createdAt: daysAgo(600), tags: { team: TEAM } }],
    runs: [...elasticity, ...demand, cap, basket],
    models: [
      modelOf(
        'price-elasticity',
        [
          { ...elasticity1, stage: 'Archived', updatedAt: daysAgo(28) },
          // This team works with stages, not with aliases. Triton cannot load the version.
          { ...elasticity2, stage: 'Production', updatedAt: daysAgo(28) },
        ],
        {
          description: 'How demand answers to a change of price.',
          tags: described(TEAM, 'Pricing', 'Simulate a new price list'),
        },
      ),
      modelOf(
        'demand-forecast',
        demand.map((run) => versionOf(run)),
        {
          description: 'Demand for each product over the next four weeks.',
          tags: described(TEAM, 'Pricing', 'Plan campaigns'),
          aliases: { champion: '11' },
        },
      ),
      // In production, and nothing says whose it is.
      modelOf('discount-cap', [versionOf(cap)], { aliases: { champion: '1' } }),
      modelOf('basket-forecast', [versionOf(basket)], {
        description: 'What will be in a basket.',
        tags: described(TEAM, 'Pricing', 'Bundle products'),
        aliases: { champion: '1' },
      }),
    ],
  }
}
