// The part of CycloneDX 1.7 that a pack uses, as its JSON schema names it. What is not known is left out: the standard has no
// word for it, so that the compositions say that the list is not complete, and properties say what is missing.

/** Where CycloneDX has no field. */
export interface Property {
  readonly name: string
  readonly value: string
}

export interface Contact {
  readonly organization?: { readonly name: string }
  readonly contact?: { readonly name: string }
}

export interface Component {
  readonly type: 'machine-learning-model' | 'data' | 'application'
  readonly 'bom-ref'?: string
  readonly name: string
  readonly version?: string
  readonly description?: string
  readonly pedigree?: { readonly commits: readonly Commit[]; readonly notes?: string }
  readonly externalReferences?: readonly { readonly type: string; readonly url: string; readonly comment?: string }[]
  readonly modelCard?: ModelCard
  readonly data?: readonly DataDescription[]
  readonly properties?: readonly Property[]
}

export interface Commit {
  readonly uid: string
  readonly url?: string
  readonly message?: string
  readonly author?: { readonly name?: string; readonly timestamp?: string }
}

export interface ModelCard {
  readonly modelParameters?: {
    readonly task?: string
    readonly datasets?: readonly { readonly ref: string }[]
    readonly inputs?: readonly { readonly format: string }[]
    readonly outputs?: readonly { readonly format: string }[]
  }
  readonly quantitativeAnalysis?: {
    readonly performanceMetrics: readonly { readonly type: string; readonly value: string; readonly slice?: string }[]
  }
  readonly considerations?: { readonly users?: readonly string[]; readonly useCases?: readonly string[] }
  readonly properties?: readonly Property[]
}

interface DataDescription {
  readonly type: 'dataset'
  readonly name: string
  readonly contents?: { readonly url?: string; readonly properties?: readonly Property[] }
  readonly classification?: string
  readonly sensitiveData?: readonly string[]
  readonly governance?: { readonly owners: readonly Contact[] }
}

/** A whole BOM. */
export interface Bom {
  readonly $schema: 'http://cyclonedx.org/schema/bom-1.7.schema.json'
  readonly bomFormat: 'CycloneDX'
  readonly specVersion: '1.7'
  readonly serialNumber: string
  readonly version: 1
  readonly metadata: {
    readonly timestamp: string
    readonly tools: { readonly components: readonly Component[] }
    readonly component: Component
    readonly properties: readonly Property[]
  }
  readonly components: readonly Component[]
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[]
  readonly compositions: readonly {
    readonly aggregate: 'incomplete' | 'not_specified'
    readonly assemblies: readonly string[]
    readonly dependencies: readonly string[]
  }[]
}

/** An address that CycloneDX takes (an IRI), of what a tool recorded as one; undefined: it is none. */
export function iriOf(text: string | undefined): string | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined
  return new URL(text).href.replace(/[\s"<>\\^`{|}]/g, (mark) => encodeURIComponent(mark))
}

/** Properties of what is there. */
export function propertiesOf(values: Readonly<Record<string, string | undefined>>): Property[] {
  return Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name: `modelops:${name}`, value }],
  )
}

/** A field that is left out where there is nothing to say. */
export function unlessEmpty<K extends string, T>(key: K, items: readonly T[]): { readonly [key in K]?: readonly T[] } {
  return (items.length === 0 ? {} : { [key]: items }) as { readonly [key in K]?: readonly T[] }
}
