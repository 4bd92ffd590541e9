/**
 * Makes something of Apollo's with none of its environment variables in sight, since they switch on what talks to
 * Apollo's servers or switch off checks of queries; its telemetry, which only such a variable stops, stays off.
 * `make` must not be asynchronous: the variables are back when it returns.
 */
export function withoutApolloEnvironment<T>(make: () => T, env: NodeJS.ProcessEnv = process.env): T {
  const before = Object.entries(env).filter(([name]) => name.startsWith('APOLLO_'))
  for (const [name] of before) delete env[name]
  env.APOLLO_TELEMETRY_DISABLED = 'true'
  try {
    return make()
  } finally {
    delete env.APOLLO_TELEMETRY_DISABLED
    Object.assign(env, Object.fromEntries(before))
  }
}
