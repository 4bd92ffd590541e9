import { createResults, type Results, type ResultsOptions } from '#lib/rules/results.ts'
import { type HealthRecord, healthOf } from './health.ts'

/** Types whose health is judged. */
const subjectTypes = ['Model', 'Endpoint'] as const

/** A type whose health is judged. */
type SubjectType = (typeof subjectTypes)[number]

/** Health of things, as their rules say. */
export type HealthResults = Results<SubjectType, HealthRecord>

/** Judges health. */
export const createHealthResults = (
  options: Omit<ResultsOptions<SubjectType, HealthRecord>, 'types' | 'what' | 'resultOf'>,
): HealthResults =>
  createResults({
    ...options,
    types: subjectTypes,
    what: 'health',
    resultOf: ({ id, judged, now }) => healthOf(id, judged, now),
  })
