const REFERENCE = /\$(?:\$|\{([^}]*)\}|\{)/g
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

/** A text after its `${NAME}` were replaced, with what went wrong. Only names of variables stand in `problems`, never values. */
export interface Interpolated {
  text: string
  variables: string[]
  problems: string[]
}

/** Replaces each `${NAME}` by the environment's value; `$$` is a dollar sign, and a `$` before anything else is itself. */
export function interpolate(raw: string, env: NodeJS.ProcessEnv): Interpolated {
  const variables: string[] = []
  const problems: string[] = []
  const text = raw.replace(REFERENCE, (match, name: string | undefined) => {
    if (match === '$$') return '$'
    // What stands between the braces is not repeated: it can be a part of a password that holds "${".
    if (name === undefined || !NAME.test(name)) {
      problems.push(`found "$\{" without a variable's name and "}", expected \${NAME}. For a dollar sign write $$`)
      return match
    }
    variables.push(name)
    const value = Object.hasOwn(env, name) ? env[name] : undefined
    if (value) return value
    const state = value === '' ? 'is empty' : 'is not set'
    problems.push(`environment variable ${name} ${state}, expected a value for \${${name}}`)
    return match
  })
  return { text, variables, problems }
}
