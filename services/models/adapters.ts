import { mlflow } from './mlflow/index.ts'
import { openMetadataClaims } from './openmetadata/index.ts'
import { unityCatalogClaims } from './unity-catalog/index.ts'

/** Every registry and tracking tool that can be read: a new one is a folder beside this file and a line here. */
export const registryAdapters = [mlflow]

/** Every catalog that says something of models. Its options and its state belong to the catalog side of the graph. */
export const claimAdapters = [unityCatalogClaims, openMetadataClaims]
