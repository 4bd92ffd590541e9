import { hiddenFrom } from '#lib/access.ts'
import type { Incomplete, Link } from '#lib/common.generated.ts'
import type { RequestContext } from '#lib/context.ts'
import { bareName, guessOf, type InputName } from '#lib/dataset-name.ts'
import type { Catalogs } from './catalogs.ts'
import type { DatasetView } from './dataset-view.ts'

/** What an input of a run may be. */
interface InputGuess extends InputName {
  readonly dataset: DatasetView
  readonly link: Link
}

/** Looks for inputs that have no place by their names alone. Nothing is asked where there are none. */
export async function guessInputs(
  catalogs: Catalogs,
  inputs: readonly InputName[],
  context: RequestContext,
): Promise<{ nodes: InputGuess[]; incomplete: Incomplete[] }> {
  const nodes: InputGuess[] = []
  if (inputs.length === 0) return { nodes, incomplete: [] }
  const { merged, incomplete: missing } = await catalogs.known(context)
  const incomplete = [...missing]
  for (const input of inputs) {
    const name = bareName(input)
    // Whether a name is the only one is judged by all datasets, whoever asks.
    const called = name === undefined ? [] : merged.called(name)
    const [only, ...others] = called
    if (name === undefined || !only || others.length > 0) {
      incomplete.push(unmatched(input, called.length))
      continue
    }
    const dataset = catalogs.view(only, missing, context)
    if (dataset.records.length > 0) nodes.push({ ...input, dataset, link: guessOf(name) })
    else incomplete.push(...only.records.slice(0, 1).flatMap(({ source }) => hiddenFrom(source, 1)))
  }
  return { nodes, incomplete }
}

function unmatched({ name }: InputName, called: number): Incomplete {
  const why = called === 0 ? 'no catalog has a dataset of that name' : 'several datasets have that name'
  const message = `The run recorded no place of ${name} that has a name, and ${why}: say under datasets in the configuration which one it is.`
  return { source: null, reason: 'UNMATCHED', message, count: 1 }
}
