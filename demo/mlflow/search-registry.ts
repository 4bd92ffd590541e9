import type { Clause } from './filter/clause.ts'
import { holds } from './filter/compare.ts'
import { type RegistrySearch, registryClauses } from './filter/registry.ts'
import { isPrompt, type ModelVersion, type RegisteredModel, type Store, type TextMap } from './store.ts'

/** The registered models that a filter lets through. */
export function searchModels(store: Store, filter: string): RegisteredModel[] {
  const { clauses, prompts } = understand(store, filter, 'models')
  return [...store.models.values()]
    .filter((model) => prompts || !isPrompt(model))
    .filter((model) => clauses.every((clause) => matches(clause, { name: model.name }, model.tags)))
}

/** The versions that a filter lets through, of all models. */
export function searchVersions(store: Store, filter: string): ModelVersion[] {
  const { clauses, prompts } = understand(store, filter, 'versions')
  return [...store.models.values()]
    .filter(({ versions }) => prompts || !versions.some(isPrompt))
    .flatMap(({ versions }) => versions)
    .filter((version) => clauses.every((clause) => matches(clause, attributes(version), version.tags)))
}

/**
 * Prompts are found only by a filter that asks for them. In any other a condition on the tag that makes a prompt counts
 * for nothing, since models lack it.
 */
function understand(store: Store, filter: string, search: RegistrySearch) {
  const clauses = registryClauses(filter, search, store.version)
  const isOnPrompts = ({ kind, key }: Clause) => kind === 'tag' && key === 'mlflow.prompt.is_prompt'
  const asked = clauses.find(isOnPrompts)
  const wanted = `${asked?.comparator} ${String(asked?.value).toLowerCase()}`
  const prompts = wanted === '= true' || wanted === '!= false'
  return { prompts, clauses: prompts ? clauses : clauses.filter((clause) => !isOnPrompts(clause)) }
}

function attributes({ name, version, runId, source }: ModelVersion) {
  return { name, version_number: version, run_id: runId, source_path: source }
}

function matches(clause: Clause, attributes: Readonly<Record<string, string | number>>, tags: TextMap): boolean {
  const actual = clause.kind === 'tag' ? tags.get(clause.key) : attributes[clause.key]
  return holds(actual, clause.comparator, clause.value)
}
