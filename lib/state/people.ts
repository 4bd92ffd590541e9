import type { Database } from './database.ts'
import type { PeopleNames } from './port.ts'
import { storable } from './rows.ts'

/** Names beside the chain, which holds subject ids only. */
export function createPeopleNames({ db, writing }: Database): PeopleNames {
  return {
    async remember(given, called) {
      const [subject, name] = [storable(given), storable(called)]
      await writing((db) =>
        db
          .insertInto('modelops_people')
          .values({ subject, name })
          .onConflict((conflict) => conflict.column('subject').doUpdateSet({ name }))
          .execute(),
      )
    },
    async forget(subject) {
      const { numDeletedRows } = await writing((db) =>
        db.deleteFrom('modelops_people').where('subject', '=', storable(subject)).executeTakeFirstOrThrow(),
      )
      return numDeletedRows > 0n
    },
    async names(subjects) {
      if (subjects.length === 0) return new Map()
      const rows = await db
        .selectFrom('modelops_people')
        .selectAll()
        .where('subject', 'in', subjects.map(storable))
        .execute()
      return new Map(rows.map(({ subject, name }) => [subject, name]))
    },
  }
}
