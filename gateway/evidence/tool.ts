import packageFile from '../../package.json' with { type: 'json' }

/** What makes packs. */
export const tool = { name: packageFile.name, version: packageFile.version } as const
