import { type Meter, type MeterProvider, metrics } from '@opentelemetry/api'

/** Histogram boundaries for what takes from a millisecond to half a minute, in seconds. */
export const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/**
 * Instruments that are made when first used, once per provider. Made any earlier than the provider is set up, they would
 * measure nothing for ever: OpenTelemetry's API has proxies for tracers, and none for meters.
 */
export function instruments<T>(make: (meter: Meter) => T): () => T {
  let made: { readonly provider: MeterProvider; readonly instruments: T } | undefined
  return () => {
    const provider = metrics.getMeterProvider()
    if (made?.provider !== provider) made = { provider, instruments: make(provider.getMeter('modelops')) }
    return made.instruments
  }
}
