import type { Config } from '#lib/config/schema.ts'

/** The section `gateway` of the configuration. */
export type GatewayConfig = Config['gateway']
