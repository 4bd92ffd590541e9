import 'graphiql/setup-workers/vite'
import { GraphiQL } from 'graphiql'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './style.css'
import { examples } from './examples.ts'
import { EXAMPLES_PLUGIN } from './examples-pane.tsx'
import { fetcher } from './fetcher.ts'
import { SystemTheme } from './system-theme.tsx'

// GraphiQL's history plugin is left out: it would keep request headers, and so access keys, in the browser's storage.
const plugins = [EXAMPLES_PLUGIN]
const defaultTabs = [{ query: examples[0].query }]

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no element with the id "root".')
createRoot(root).render(
  <StrictMode>
    <GraphiQL
      fetcher={fetcher}
      plugins={plugins}
      visiblePlugin={EXAMPLES_PLUGIN}
      defaultTabs={defaultTabs}
      shouldPersistHeaders={false}
      inputValueDeprecation
      schemaDescription
    >
      <GraphiQL.Logo>ModelOps graph</GraphiQL.Logo>
      <SystemTheme />
    </GraphiQL>
  </StrictMode>,
)
