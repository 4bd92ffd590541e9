/** Gives everybody who asks for the same key at the same time the same promise. */
export type SingleFlight<T> = (
  key: string,
  signal: AbortSignal,
  start: (signal: AbortSignal) => Promise<T>,
) => Promise<T>

interface Flight<T> {
  readonly controller: AbortController
  /** Takes no more passengers. */
  readonly land: () => void
  readonly promise: Promise<T>
  passengers: number
}

/**
 * Who leaves (its signal ends: rejected with the signal's reason) does not disturb the others; the signal that `start`
 * gets ends when the last one left, with its reason. undici's deduplicate interceptor refuses POST, and shares answers
 * as they stream, so that a request which comes after the first byte is sent again.
 */
export function createSingleFlight<T>(): SingleFlight<T> {
  const flights = new Map<string, Flight<T>>()

  const takeOff = (key: string, start: (signal: AbortSignal) => Promise<T>) => {
    const controller = new AbortController()
    const land = () => {
      if (flights.get(key) === flight) flights.delete(key)
    }
    const flight: Flight<T> = { controller, land, promise: start(controller.signal), passengers: 0 }
    flights.set(key, flight)
    flight.promise.then(land, land)
    return flight
  }

  return (key, signal, start) => {
    const flight = flights.get(key) ?? takeOff(key, start)
    flight.passengers++
    return new Promise<T>((resolve, reject) => {
      const leave = () => {
        flight.passengers--
        if (flight.passengers === 0) {
          flight.land()
          flight.controller.abort(signal.reason)
        }
        reject(signal.reason)
      }
      signal.addEventListener('abort', leave, { once: true })
      flight.promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
    })
  }
}
