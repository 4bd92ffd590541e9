import type { Reply, StandInRequest } from '../stand-in.ts'
import { badRequest, predicted, reads, type ScoringVersion, unsupported } from './replies.ts'

/** A Python set, so the real server lists them in another order each time it starts. */
const FIELDS = ['dataframe_split', 'dataframe_records', 'instances', 'inputs']

const WRONG_FIELDS = [
  `The input must be a JSON dictionary with exactly one of the input fields {${FIELDS.map((f) => `'${f}'`).join(', ')}}.`,
  // Always empty, whatever the body holds.
  'Received dictionary with input fields: [].',
  'IMPORTANT: The MLflow Model scoring protocol has changed in MLflow version 2.0. If you are seeing this error, you',
  'are likely using an outdated scoring request format. To resolve the error, either update your request format or',
  "adjust your MLflow Model's requirements file to specify an older version of MLflow (for example, change the",
  "'mlflow' requirement specifier to 'mlflow==1.30.0'). If you are making a request using the MLflow client (e.g. via",
  '`mlflow.pyfunc.spark_udf()`), upgrade your MLflow client to a version >= 2.0 in order to use the new request format.',
  'For more information about the updated MLflow Model scoring protocol in MLflow 2.0, see',
  'https://mlflow.org/docs/latest/models.html#deploy-mlflow-models.',
].join(' ')

/** Answers `/invocations` with the same prediction for every row; columns and types are not judged. */
export function invocations(version: ScoringVersion, prediction: unknown, { headers, body }: StandInRequest): Reply {
  const [contentType = ''] = (headers['content-type'] ?? '').split(';', 1)
  if (!reads(version, contentType)) return unsupported(version, contentType)
  if (contentType !== 'application/json')
    return predicted(
      body
        .trim()
        .split('\n')
        .slice(1)
        .map(() => prediction),
    )
  let input: unknown
  try {
    input = JSON.parse(body)
  } catch {
    return badRequest(version, notJson(body))
  }
  const rows = rowsOf(input)
  return rows === undefined ? badRequest(version, WRONG_FIELDS) : predicted(Array(rows).fill(prediction))
}

/** How many rows the input has, or undefined when it is not exactly one of the known fields. */
function rowsOf(input: unknown): number | undefined {
  const given = Object.entries(input ?? {}).filter(([field]) => FIELDS.includes(field))
  const [[field, value] = []] = given
  if (given.length !== 1) return undefined
  const rows: unknown = field === 'dataframe_split' ? (value as { data?: unknown } | null)?.data : value
  return Array.isArray(rows) ? rows.length : 1
}

/** Python's complaint about the first character that is wrong, only for the two commonest. */
function notJson(body: string): string {
  const reason = body.startsWith('{')
    ? 'Expecting property name enclosed in double quotes: line 1 column 2 (char 1)'
    : 'Expecting value: line 1 column 1 (char 0)'
  const problem = `Invalid input. Ensure that input is a valid JSON formatted string. Error: 'JSONDecodeError('${reason}')'`
  return `${problem}\nInput: \nb'${body}'\n`
}
