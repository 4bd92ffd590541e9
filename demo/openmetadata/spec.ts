/** A table in the form in which OpenMetadata answers it; what is left out has its own defaults. */
interface TableSpec extends EntitySpec {
  columns?: readonly {
    name: string
    dataType: string
    dataTypeDisplay?: string
    description?: string
    tags?: readonly TagSpec[]
  }[]
  entityStatus?: string
  updatedAt?: number
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

/** A result of a check. */
interface ResultSpec {
  timestamp: number
  testCaseStatus: string
  result?: string
  [field: string]: unknown
}

/** A check of a table, or of one of its columns. */
export interface TestCaseSpec {
  name: string
  entityLink: string
  /** Made of what it is of and its name where absent. */
  fullyQualifiedName?: string
  /** The last one. Where absent, the newest of `results`. */
  testCaseResult?: ResultSpec
  /** All of them, in any order; answered by their own route only. */
  results?: readonly ResultSpec[]
  [field: string]: unknown
}

/** A dashboard, a model, or another thing, in the form in which OpenMetadata answers it. */
export interface EntitySpec {
  fullyQualifiedName: string
  displayName?: string
  description?: string
  owners?: readonly ReferenceSpec[]
  tags?: readonly TagSpec[]
  domains?: readonly ReferenceSpec[]
  deleted?: boolean
  /** Anything else, and anything in another form. */
  [field: string]: unknown
}

/** One thing made from another, by type and fully qualified name. */
export interface EdgeSpec {
  from: { type: string; fullyQualifiedName: string }
  to: { type: string; fullyQualifiedName: string }
  /** Fully qualified name of the pipeline. */
  pipeline?: string
  /** Columns by fully qualified names. */
  columns?: readonly { fromColumns: readonly string[]; toColumn: string }[]
}

/** What an OpenMetadata holds. */
export interface OpenMetadataData {
  tables?: readonly TableSpec[]
  dashboards?: readonly EntitySpec[]
  mlmodels?: readonly EntitySpec[]
  testCases?: readonly TestCaseSpec[]
  edges?: readonly EdgeSpec[]
}
