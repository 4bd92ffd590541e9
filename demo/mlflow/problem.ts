/** MLflow's error codes that the stand-in answers with. */
export type ErrorCode =
  | 'INVALID_PARAMETER_VALUE'
  | 'RESOURCE_DOES_NOT_EXIST'
  | 'RESOURCE_ALREADY_EXISTS'
  | 'BAD_REQUEST'
  | 'INTERNAL_ERROR'

/** A request that MLflow answers with an error in JSON. */
export class MlflowProblem extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string) {
    super(message)
    this.name = 'MlflowProblem'
    this.code = code
  }
}

/** A request that MLflow cannot read: a 400. */
export function invalid(message: string): MlflowProblem {
  return new MlflowProblem('INVALID_PARAMETER_VALUE', message)
}

/** A request for what is not there: a 404. */
export function missing(message: string): MlflowProblem {
  return new MlflowProblem('RESOURCE_DOES_NOT_EXIST', message)
}

/** A request on which MLflow itself fails, in a page of HTML: a 500. */
export class MlflowCrash extends Error {
  override readonly name = 'MlflowCrash'
}
