import { readdirSync, readFileSync } from 'node:fs'
import { describe } from 'vitest'
import { type CatalogSpec, startUnityCatalog } from '#demo/unity-catalog/index.ts'
import { replayAll, type Volatile } from '../demo-open-inference/recordings.ts'

const FIXTURES = new URL('../../../demo/unity-catalog/fixtures/unitycatalog-0.6.0/', import.meta.url)
// biome-ignore lint/suspicious/noExplicitAny: recorded answers of many forms
const body = (file: string): any => JSON.parse(readFileSync(new URL(`${file}.json`, FIXTURES), 'utf8')).body
const all = readdirSync(FIXTURES).map((file) => file.replace(/\.json$/, ''))

/** What the recorded server held, as far as the recordings tell. */
function recordedCatalogs(): CatalogSpec[] {
  const tables = [
    ...['06-tables-page-1-of-4', '07-tables-page-2-of-4'].flatMap((file) => body(file).tables),
    body('13-table-get'),
    // Of this one nothing but its name was recorded.
    { name: 't119', storage_location: 'file:///data/seed/0', created_at: 0 },
  ]
  const schemas = body('04-schemas').schemas
  const models = body('22-models').registered_models
  return body('02-catalogs').catalogs.map((catalog: CatalogSpec) => ({
    ...catalog,
    schemas:
      catalog.name === 'ml'
        ? schemas.map((schema: { name: string }) =>
            schema.name === 'fraud' ? { ...schema, tables, models } : { ...schema, tables: [] },
          )
        : [],
  }))
}

const start = (options: object = {}) =>
  startUnityCatalog({
    catalogs: recordedCatalogs(),
    metastoreId: body('36-metastore-summary').metastore_id,
    ...options,
  })

/** The recordings hide every token behind the same words: each stage says whose it was. */
const TOKEN = '<token>'
const STAGES: Record<string, { tokens: object; replays: string[] }> = {
  'to nobody in particular': { tokens: {}, replays: ['61-auth-no-token', '62-auth-bad-token'] },
  'to the admin': { tokens: { [TOKEN]: 'admin' }, replays: ['63-auth-admin-ok', '69-auth-404-with-token'] },
  'to somebody without grants': {
    tokens: { [TOKEN]: { use: [], select: [] } },
    replays: ['70-auth-user-catalogs-none-visible', '71-auth-user-table-forbidden'],
  },
  'to somebody who may select and not use the schema': {
    tokens: { [TOKEN]: { use: ['ml'], select: ['ml.fraud.transactions'] } },
    replays: ['72-auth-user-table-granted-without-use-schema'],
  },
  'to somebody who may read one table': {
    tokens: { [TOKEN]: { use: ['ml', 'ml.fraud'], select: ['ml.fraud.transactions'] } },
    replays: ['73-auth-user-table-granted', '74-auth-user-tables-page-filtered'],
  },
}
const shortened: Volatile = { why: 'paths were shortened when recorded', headers: ['content-length'] }
const VOLATILE = { '06-tables-page-1-of-4': shortened, '07-tables-page-2-of-4': shortened }
const withTokens = Object.values(STAGES).flatMap(({ replays }) => replays)
const AFTER_DELETE = ['40-table-get-after-delete']

async function afterDelete() {
  const server = await start()
  await fetch(`${server.url}/api/2.1/unity-catalog/tables/ml.fraud.t119`, { method: 'DELETE' })
  return server
}

describe('the stand-in of Unity Catalog', () => {
  replayAll(
    FIXTURES,
    [
      {
        stage: 'without authorisation',
        start,
        replays: all.filter((name) => ![...withTokens, ...AFTER_DELETE].includes(name)),
      },
      { stage: 'after a table was deleted', start: afterDelete, replays: AFTER_DELETE },
      ...Object.entries(STAGES).map(([stage, { tokens, replays }]) => ({
        stage: `with authorisation, ${stage}`,
        start: () => start({ tokens }),
        replays,
      })),
    ],
    VOLATILE,
  )
})
