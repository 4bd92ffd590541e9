import type { z } from 'zod'
import type { Upstream, UpstreamCall, UpstreamRequest } from '#lib/upstream/upstream.ts'
import { parsed } from '../reading.ts'
import { settings } from './wire.ts'

const API = '/api/v1'

/** How many items one page has by default at most; a server can be configured otherwise. */
const PAGE_SIZE = 50

/** A way to ask one Gitea. */
export interface Api {
  /** null: 404, which also means that the account may not see it. */
  ask<T>(path: string, schema: z.ZodType<T>, call: UpstreamCall, query?: UpstreamRequest['query']): Promise<T | null>
  /** Items of a page that is full. Asked for once. */
  pageSize(call: UpstreamCall): Promise<number>
}

export function createApi(upstream: Upstream, source: string): Api {
  let size: Promise<number> | undefined

  async function ask<T>(path: string, schema: z.ZodType<T>, call: UpstreamCall, query: UpstreamRequest['query'] = {}) {
    // 422: something is no SHA or no branch. 403 is a failure: the account lacks a right.
    const response = await upstream.request({ method: 'GET', path: API + path, query, accept: [404, 422] }, call)
    return response.status === 404 || response.status === 422
      ? null
      : parsed(response.json(), schema, source, path.split('/').slice(4).join('/') || path)
  }

  async function askSize(call: UpstreamCall) {
    const said = await ask('/settings/api', settings, call)
    return Math.min(said?.max_response_items ?? PAGE_SIZE, PAGE_SIZE)
  }

  return {
    ask,
    pageSize: (call) => {
      size ??= askSize(call).catch((error) => {
        size = undefined
        throw error
      })
      return size
    },
  }
}
