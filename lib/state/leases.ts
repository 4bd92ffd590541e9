import { randomUUID } from 'node:crypto'
import type { Database } from './database.ts'
import type { State } from './port.ts'

/** Work that one instance of several does. Times are by the clock of the database, which all of them share. */
export function createLeases({ writing, now }: Database): State['withLease'] {
  const take = async (name: string, holder: string, milliseconds: number): Promise<boolean> => {
    // One statement, so two that come at once cannot both find the lease free.
    const rows = await writing((db) =>
      db
        .insertInto('modelops_leases')
        .values(({ eb }) => ({ name, holder, until: eb(now, '+', milliseconds) }))
        .onConflict((conflict) =>
          conflict
            .column('name')
            .doUpdateSet(({ eb }) => ({ holder, until: eb(now, '+', milliseconds) }))
            .where(({ or, eb }) =>
              or([eb('modelops_leases.holder', '=', holder), eb('modelops_leases.until', '<', now)]),
            ),
        )
        .returning('name')
        .execute(),
    )
    return rows.length > 0
  }

  return async (name, seconds, work) => {
    const holder = randomUUID()
    const milliseconds = Math.round(seconds * 1_000)
    const asked = performance.now()
    if (!(await take(name, holder, milliseconds))) return { held: false }
    const lost = new AbortController()
    const lose = () => lost.abort(new Error(`the lease "${name}" was lost: another instance may do the work now`))
    // While the state is silent the lease holds for as long as it was taken, also where asking for more hangs.
    let end = setTimeout(lose, asked + milliseconds - performance.now()).unref()
    const timer = setInterval(async () => {
      const askedAgain = performance.now()
      const kept = await take(name, holder, milliseconds).catch(() => undefined)
      if (kept === undefined || lost.signal.aborted) return
      clearTimeout(end)
      if (kept) end = setTimeout(lose, askedAgain + milliseconds - performance.now()).unref()
      else lose()
    }, milliseconds / 3)
    timer.unref()
    try {
      return { held: true, result: await work(lost.signal) }
    } finally {
      clearInterval(timer)
      clearTimeout(end)
      await writing((db) =>
        db.deleteFrom('modelops_leases').where('name', '=', name).where('holder', '=', holder).execute(),
      )
        // It runs out by itself.
        .catch(() => {})
    }
  }
}
