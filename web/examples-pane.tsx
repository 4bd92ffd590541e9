import { type GraphiQLPlugin, useGraphiQL, useGraphiQLActions } from '@graphiql/react'
import { getOperationAST, parse } from 'graphql'
import { type Example, examples } from './examples.ts'

function Icon() {
  return (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d="M9 18.5h6M10 21.5h4M8.5 15.5a6.5 6.5 0 1 1 7 0c-.6.5-.5 1.5-.5 1.5H9s.1-1-.5-1.5Z" />
    </svg>
  )
}

function Content() {
  const { addTab, changeTab, setOperationName, updateActiveTabValues } = useGraphiQLActions()
  const { tabs, activeTabIndex, queryEditor } = useGraphiQL(({ tabs, activeTabIndex, queryEditor }) => ({
    tabs,
    activeTabIndex,
    queryEditor,
  }))

  /** Goes to the tab that already holds the example, unchanged; a changed one is the visitor's own work. */
  function open({ query }: Example) {
    const index = tabs.findIndex((tab) => tab.query === query)
    if (index >= 0) {
      changeTab(index)
    } else {
      addTab()
      queryEditor?.setValue(query)
      updateActiveTabValues({ query })
    }
    // The editor tells the operation only 100 ms later; run before that, the query would go out with the old tab's operation.
    setOperationName(getOperationAST(parse(query))?.name?.value ?? '')
  }

  return (
    <section className="examples" aria-labelledby="examples-title">
      <h2 id="examples-title">Examples</h2>
      <p>
        Open a question, then press the play button or <kbd>Ctrl</kbd> <kbd>Enter</kbd>.
      </p>
      <ul>
        {examples.map((example) => (
          <li key={example.title}>
            <button
              type="button"
              // Until the editor is loaded there is nothing to open a query in.
              disabled={!queryEditor}
              aria-current={tabs[activeTabIndex]?.query === example.query}
              onClick={() => open(example)}
            >
              <strong>{example.title}</strong>
              <span>{example.story}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The pane beside the editor that lists the example queries and opens one in a tab. */
export const EXAMPLES_PLUGIN: GraphiQLPlugin = { title: 'Examples', icon: Icon, content: Content }
