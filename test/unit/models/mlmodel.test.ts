import { describe, expect, it } from 'vitest'
import { readMlmodel } from '#services/models/mlflow/mlmodel.ts'

describe('an MLmodel file', () => {
  it('tells columns in the vocabulary of the Open Inference Protocol', () => {
    const text = `
flavors:
  sklearn: { pickled_model: model.pkl }
  python_function: { loader_module: mlflow.sklearn }
signature:
  inputs: '[{"type": "double", "name": "tenure", "required": true}, {"type": "string", "name": "plan", "required": false}, {"type": "datetime", "name": "since"}]'
  outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 2]}}]'
  params: null
`
    expect(readMlmodel(text)).toEqual({
      flavors: ['python_function', 'sklearn'],
      inputs: [
        { name: 'tenure', dataType: 'FP64', shape: null, optional: false },
        { name: 'plan', dataType: 'BYTES', shape: null, optional: true },
        { name: 'since', dataType: 'datetime', shape: null, optional: null },
      ],
      outputs: [{ name: null, dataType: 'FP32', shape: [-1, 2], optional: null }],
    })
  })

  it('names what has a structure by its kind', () => {
    const text = `signature: { inputs: '[{"type": {"type": "array", "items": "string"}, "name": "words"}]' }`
    expect(readMlmodel(text)?.inputs).toEqual([{ name: 'words', dataType: 'object', shape: null, optional: null }])
  })

  it('without a signature has flavors only', () => {
    expect(readMlmodel('flavors: { python_function: {} }')).toEqual({
      flavors: ['python_function'],
      inputs: null,
      outputs: null,
    })
  })

  // Each line holds the one above sixty times.
  const laughs = ['a: &a [ha]', `b: &b [${'*a,'.repeat(60)}]`, `c: [${'*b,'.repeat(60)}]`].join('\n')

  it.each(['<html>Sign in</html>', '', '- a', 'a: [', laughs])('is none: %j', (text) => {
    expect(readMlmodel(text)).toBeNull()
  })
})
