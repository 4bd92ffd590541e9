/** What a model takes and answers: columns by name, in MLflow's own types. */
export interface Signature {
  inputs: Readonly<Record<string, 'double' | 'long' | 'string' | 'boolean'>>
  outputs: Readonly<Record<string, 'double' | 'long' | 'string' | 'boolean'>>
}

/** The file that MLflow writes beside a scikit-learn model. */
export function mlmodel(runId: string, madeAt: number, { inputs, outputs }: Signature): string {
  const columns = (of: Signature['inputs']) =>
    JSON.stringify(Object.entries(of).map(([name, type]) => ({ type, name, required: true })))
  return [
    'artifact_path: model',
    'flavors:',
    '  python_function:',
    '    loader_module: mlflow.sklearn',
    '    model_path: model.pkl',
    '    predict_fn: predict',
    '    python_version: 3.11.7',
    '  sklearn:',
    '    pickled_model: model.pkl',
    '    serialization_format: cloudpickle',
    '    sklearn_version: 1.7.2',
    'mlflow_version: 3.17.2',
    `run_id: ${runId}`,
    'signature:',
    `  inputs: '${columns(inputs)}'`,
    `  outputs: '${columns(outputs)}'`,
    '  params: null',
    `utc_time_created: '${new Date(madeAt).toISOString().replace('T', ' ').replace('Z', '000')}'`,
    '',
  ].join('\n')
}
