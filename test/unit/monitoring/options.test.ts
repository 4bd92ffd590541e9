import { describe, expect, it } from 'vitest'
import { linesOf } from '../config/sample.ts'

/** The errors of a watch of a Prometheus, without their places. */
const errors = (watch: string) =>
  linesOf(`sources:
  - { id: triton, kind: open-inference, url: http://triton.example }
  - { id: mlflow, kind: mlflow, url: http://mlflow.example }
  - { id: prometheus, kind: prometheus, url: http://prometheus.example, watches: [${watch}] }
`).map((line) => line.replace(/^\d+:\d+: sources\[2\]\.watches\[0\]/, ''))

describe('a watch', () => {
  it.each([
    ['a preset', '{ source: triton, selector: { job: triton }, preset: triton }'],
    [
      'metrics of its own',
      '{ source: triton, selector: { job: a }, metrics: { modelLabel: m, requests: [{ metric: "a:b_total" }] } }',
    ],
    [
      'a preset, and some of its own',
      '{ source: triton, selector: { job: a }, preset: triton, metrics: { modelLabel: m } }',
    ],
  ])('can have %s', (_, watch) => {
    expect(errors(watch)).toEqual([])
  })

  it.each([
    ['a source that is none', '{ source: tritn, selector: { job: a }, preset: triton }', /id of a server: triton/],
    ['a source that serves nothing', '{ source: mlflow, selector: { job: a }, preset: triton }', /another kind/],
    ['no labels', '{ source: triton, selector: {}, preset: triton }', /at least one label/],
    ['a label that is none', '{ source: triton, selector: { "a b": c }, preset: triton }', /whose name is letters/],
    ['neither preset nor metrics', '{ source: triton, selector: { job: a } }', /a "preset", or "metrics"/],
    ['an unknown preset', '{ source: triton, selector: { job: a }, preset: tritn }', /Did you mean "triton"/],
  ])('cannot have %s', (_, watch, message) => {
    expect(errors(watch).join('\n')).toMatch(message)
  })
})
