/** A table in the form in which OpenMetadata answers it; what is left out has its own defaults. */
export interface TableSpec {
  fullyQualifiedName: string
  columns?: readonly {
    name: string
    dataType: string
    dataTypeDisplay?: string
    description?: string
    tags?: readonly TagSpec[]
  }[]
  description?: string
  displayName?: string
  owners?: readonly ReferenceSpec[]
  tags?: readonly TagSpec[]
  domains?: readonly ReferenceSpec[]
  entityStatus?: string
  updatedAt?: number
  /** Anything else, and anything in another form. */
  [field: string]: unknown
}

interface TagSpec {
  tagFQN: string
  source?: 'Classification' | 'Glossary'
  [field: string]: unknown
}

interface ReferenceSpec {
  type: string
  name: string
  [field: string]: unknown
}

/** A check of a table, or of one of its columns. */
interface TestCaseSpec {
  name: string
  entityLink: string
  testCaseResult?: { timestamp: number; testCaseStatus: string; result?: string; [field: string]: unknown }
  [field: string]: unknown
}

/** One thing made from another, by type and fully qualified name. */
export interface EdgeSpec {
  from: { type: string; fullyQualifiedName: string }
  to: { type: string; fullyQualifiedName: string }
  /** Fully qualified name of the pipeline. */
  pipeline?: string
}

/** What an OpenMetadata holds. */
export interface OpenMetadataData {
  tables?: readonly TableSpec[]
  testCases?: readonly TestCaseSpec[]
  edges?: readonly EdgeSpec[]
}
