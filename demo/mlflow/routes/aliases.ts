import { type Arguments, requiredText } from '../arguments.ts'
import { findModel, findVersion } from '../find.ts'
import { checkAlias, checkModelName, checkReservedAlias } from '../names.ts'
import { invalid, missing } from '../problem.ts'
import type { Route } from '../route.ts'
import type { Store } from '../store.ts'
import { isMlflow3 } from '../version.ts'
import { showVersionOf } from '../wire/registry.ts'

/** `registered-models/alias` in its three methods. */
export const aliases: readonly Route[] = [
  { method: 'GET', path: 'registered-models/alias', answer: getByAlias },
  {
    method: 'POST',
    path: 'registered-models/alias',
    answer: (store, args) => {
      const [name, alias, number] = [
        requiredText(args, 'name'),
        requiredText(args, 'alias'),
        requiredText(args, 'version'),
      ]
      checkAlias(alias, store.version)
      checkReservedAlias(alias)
      const { model, version } = findVersion(store, name, number)
      model.aliases.set(alias, version.version)
      return {}
    },
  },
  {
    method: 'DELETE',
    path: 'registered-models/alias',
    answer: (store, args) => {
      const [name, alias] = [requiredText(args, 'name'), requiredText(args, 'alias')]
      checkAlias(alias, store.version)
      findModel(store, name).aliases.delete(alias)
      return {}
    },
  },
]

function getByAlias(store: Store, args: Arguments): object {
  const [name, alias] = [requiredText(args, 'name'), requiredText(args, 'alias')]
  checkModelName(name, store.version)
  checkAlias(alias, store.version)
  // MLflow 2 looks for the alias alone, so that a missing model is a missing alias.
  const model = isMlflow3(store.version) ? findModel(store, name) : store.models.get(name)
  if (/^latest$/i.test(alias)) {
    const newest = model?.versions.at(-1)
    if (!model || !newest) throw missing(`Latest version not found for model ${name}.`)
    return { model_version: showVersionOf(model, newest) }
  }
  const number = model?.aliases.get(alias)
  const version = model?.versions.find((candidate) => candidate.version === number)
  if (!model || !version) throw invalid(`Registered model alias ${alias} not found.`)
  return { model_version: showVersionOf(model, version) }
}
