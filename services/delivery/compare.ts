import { byCodePoint } from '#lib/order.ts'

/** In what versions can differ, in the order in which it is shown. */
const changeAspects = ['PARAMETER', 'METRIC', 'DATASET', 'CODE', 'SIGNATURE', 'TAG', 'OWNER', 'OTHER'] as const

/** One of them. */
export type ChangeAspect = (typeof changeAspects)[number]

/** What a version is made of: by aspect, values by name. null: the version does not tell. */
export type VersionContent = Readonly<Record<ChangeAspect, ReadonlyMap<string, string | null> | null>>

/** One thing that differs; null: there is none. */
export interface ChangeRecord {
  readonly aspect: ChangeAspect
  readonly name: string
  readonly before: string | null
  readonly after: string | null
}

/** What differs, by aspect and name; and the aspects that one of the two does not tell. */
export function differences(
  from: VersionContent,
  to: VersionContent,
): { changes: ChangeRecord[]; untold: ChangeAspect[] } {
  const untold = changeAspects.filter((aspect) => !from[aspect] || !to[aspect])
  const changes = changeAspects.flatMap((aspect) => {
    const [before, after] = [from[aspect], to[aspect]]
    if (!before || !after) return []
    return [...new Set([...before.keys(), ...after.keys()])].toSorted(byCodePoint).flatMap((name): ChangeRecord[] => {
      const change = { aspect, name, before: before.get(name) ?? null, after: after.get(name) ?? null }
      return change.before === change.after ? [] : [change]
    })
  })
  return { changes, untold }
}
