#!/usr/bin/env node
// JavaScript, unlike all else: whatever is imported before the cache is on is compiled at each start, and what that is in
// TypeScript makes Node load its compiler of TypeScript first.
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// What is imported below is compiled once; halves the time to start. Where the folder cannot be written, as in a container
// that is read-only, nothing is kept.
enableCompileCache(join(import.meta.dirname, '../.cache/compiled'))

await import('./cli.ts')
