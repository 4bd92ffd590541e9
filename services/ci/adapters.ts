import { gitea } from './gitea/index.ts'
import { github } from './github/index.ts'

/** Every forge and CI server that can be read: a new one is a folder beside this file and a line here. */
export const ciAdapters = [github, gitea]
