import KeyvRedis, { createClient, type RedisClientType } from '@keyv/redis'
import { Keyv } from 'keyv'
import type { Logger } from 'pino'
import type { Secret } from '../config/secret.ts'
import { endOf, pause } from '../pause.ts'
import type { SharedStore } from './store.ts'

/** What a store in Redis is made from. */
export interface RedisStoreOptions {
  /** `redis://` or `rediss://`; may hold a password. */
  readonly url: Secret
  readonly log: Logger
}

/** Milliseconds after which Redis counts as down. */
const PATIENCE = 200
/** Milliseconds until a connection must stand, in the background. */
const CONNECT_PATIENCE = 2_000
/** Milliseconds until the next attempt to connect: doubled from the first to the second. */
const PAUSES = { least: 100, most: 5_000 }

/** Only who took the lease may touch it: it may have run out and be somebody else's by now. */
const PROLONG = `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == '0' then return redis.call('DEL', KEYS[1]) end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`

interface Connection {
  readonly client: RedisClientType
  readonly entries: Keyv<string>
  /** Settles when the connection is of no use any more; `lose` makes it so. */
  readonly lost: Promise<void>
  lose(): void
}

/**
 * A store in Redis. Connects in the background, again and again; while there is no connection, and from the first answer
 * that takes longer than 200 ms, there is nothing in it. An outage is logged once. The reconnecting of the Redis client
 * itself is not used: it notices neither a server that accepts and says nothing nor one that hangs.
 */
export function createRedisStore({ url, log }: RedisStoreOptions): SharedStore {
  const closing = new AbortController()
  const first = Promise.withResolvers<void>()
  let current: Connection | undefined
  let down = false

  const working = keepConnected()

  async function keepConnected(): Promise<void> {
    let wait = PAUSES.least
    while (!closing.signal.aborted) {
      const connection = open(url)
      if (await stands(connection)) {
        current = connection
        wait = PAUSES.least
        if (down) log.info('Redis answers again: what is read of sources is shared once more')
        down = false
        first.resolve()
        await endOf(connection.lost, closing.signal)
        current = undefined
      }
      first.resolve()
      if (connection.client.isOpen) connection.client.destroy()
      await pause(wait, closing.signal)
      wait = Math.min(wait * 2, PAUSES.most)
    }
  }

  async function stands({ client }: Connection): Promise<boolean> {
    try {
      await endOf(within(CONNECT_PATIENCE, client.connect()), closing.signal)
      return client.isReady
    } catch (error) {
      noteOutage(error)
      return false
    }
  }

  function noteOutage(error: unknown): void {
    if (!down && !closing.signal.aborted) {
      log.warn(
        { err: error },
        'Redis (cache.redis) does not answer: until it does, each instance asks the sources itself',
      )
    }
    down = true
  }

  /** undefined: Redis is down, or just turned out to be. */
  async function attempt<T>(work: (connection: Connection) => Promise<T>): Promise<T | undefined> {
    await within(PATIENCE, first.promise).catch(() => first.resolve())
    const connection = current
    if (!connection?.client.isReady) return undefined
    try {
      return await within(PATIENCE, work(connection))
    } catch (error) {
      noteOutage(error)
      connection.lose()
      return undefined
    }
  }

  return {
    get: (key) => attempt(({ entries }) => entries.get(key)),
    async set(key, text, milliseconds) {
      await attempt(({ entries }) => entries.set(key, text, milliseconds))
    },
    async lease(key, token, milliseconds) {
      const options = { condition: 'NX', expiration: { type: 'PX', value: milliseconds } } as const
      const answer = await attempt(({ client }) => client.set(key, token, options))
      if (answer === undefined) return 'unreachable'
      return answer === null ? 'theirs' : 'mine'
    },
    async prolong(key, token, milliseconds) {
      await attempt(({ client }) => client.eval(PROLONG, { keys: [key], arguments: [token, String(milliseconds)] }))
    },
    async close() {
      closing.abort()
      await working
    },
  }
}

function open(url: Secret): Connection {
  const socket = { connectTimeout: CONNECT_PATIENCE, reconnectStrategy: false } as const
  // Without it, commands to a server that is down wait for it.
  const client: RedisClientType = createClient({
    url: url.reveal(),
    disableOfflineQueue: true,
    socket,
  }) as RedisClientType
  const { promise: lost, resolve } = Promise.withResolvers<void>()
  client.on('error', () => resolve())
  client.on('end', () => resolve())
  const store = new KeyvRedis(client, { throwOnErrors: true })
  store.on('error', () => resolve())
  const entries = new Keyv<string>({ store, useKeyPrefix: false, throwOnErrors: true, emitErrors: false })
  return { client, entries, lost, lose: resolve }
}

/** Rejects when the work takes longer. What has arrived by then counts, however busy this process was. */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(
    // Answers that wait in the sockets are read between a timer and an immediate.
    () => setImmediate(() => late.reject(new Error(`no answer within ${milliseconds} ms`))),
    milliseconds,
  )
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
    // A rejection that comes after the race is lost has nobody to tell.
    work.catch(() => {})
  }
}
