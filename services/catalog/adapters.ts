import { marquez } from './marquez/index.ts'
import { openMetadata } from './openmetadata/index.ts'
import { unityCatalog } from './unity-catalog/index.ts'

/** Every catalog that can be read: a new one is a folder beside this file and a line here. */
export const catalogAdapters = [marquez, unityCatalog, openMetadata]
