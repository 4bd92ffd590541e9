/**
 * Looks at GraphiQL in a real browser, as a gateway serves it: by hand, since a browser is no part of `npm test`.
 *
 *     node test/browser/explorer.ts http://127.0.0.1:4000/graphiql [chromium]
 *
 * Opens and runs every example, in light and in dark. Fails when an example has no answer, when the browser reports an error
 * or a violation of the content security policy, when anything but the gateway is called, and when a request header is
 * kept in the browser's storage. Screenshots: .cache/browser/.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { examples } from '../../web/examples.ts'
import { openPage, type Page } from './chromium.ts'

const [url, chromium = 'chromium'] = process.argv.slice(2)
if (!url) throw new Error('Say where GraphiQL is: node test/browser/explorer.ts http://127.0.0.1:4000/graphiql')
const SECRET = 'Bearer not-to-be-kept'
const pictures = new URL('../../.cache/browser/', import.meta.url)

/** Evaluates an expression in the page; waits for its promise. */
async function evaluate(page: Page, expression: string): Promise<unknown> {
  const answer = await page.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })
  if (answer.exceptionDetails) throw new Error(`In the page: ${JSON.stringify(answer.exceptionDetails)}`)
  return (answer.result as { value?: unknown }).value
}

/** Waits until an expression is true in the page, looking again at each frame; fails after 20 seconds. */
async function until(page: Page, what: string, expression: string): Promise<void> {
  const found = await evaluate(
    page,
    `new Promise((resolve) => {
      const end = Date.now() + 20_000
      const look = () => { if (${expression}) resolve(true); else if (Date.now() > end) resolve(false); else requestAnimationFrame(look) }
      look()
    })`,
  )
  if (!found) throw new Error(`The page does not show ${what} after 20 s.`)
}

async function screenshot(page: Page, name: string): Promise<void> {
  const { data } = await page.send('Page.captureScreenshot', { format: 'png' })
  await writeFile(new URL(`${name}.png`, pictures), Buffer.from(String(data), 'base64'))
}

const RESPONSE = `globalThis.__MONACO.editor.getModels().find((model) => model.uri.path.includes('response'))`
const HEADERS = `globalThis.__MONACO.editor.getModels().find((model) => model.uri.path.includes('request-headers'))`

/** Opens the example from the list, runs it, and gives back what GraphiQL shows. */
async function ask(page: Page, index: number): Promise<{ data?: unknown; errors?: unknown }> {
  const example = `document.querySelectorAll('.examples li button')[${index}]`
  await until(page, 'the examples, ready to be opened', `${example} && !${example}.disabled`)
  await evaluate(page, `${example}.click()`)
  await until(page, 'which example is open', `${example}.getAttribute('aria-current') === 'true'`)
  const name = /query (\w+)/.exec(examples[index]?.query ?? '')?.[1]
  await until(page, `the tab ${name}`, `document.querySelector('[role=tab][aria-selected=true] [title=${name}]')`)
  await evaluate(page, `${HEADERS}.setValue(${JSON.stringify(JSON.stringify({ authorization: SECRET }))})`)
  await evaluate(page, `${RESPONSE}.setValue('')`)
  await evaluate(page, `document.querySelector('.graphiql-execute-button').click()`)
  await until(page, 'an answer', `${RESPONSE}.getValue().startsWith('{')`)
  return JSON.parse(String(await evaluate(page, `${RESPONSE}.getValue()`)))
}

async function look(scheme: 'light' | 'dark'): Promise<string[]> {
  const wrong: string[] = []
  let withHeader = 0
  const page = await openPage(chromium)
  try {
    page.on('Log.entryAdded', ({ entry }) => wrong.push(`Log: ${JSON.stringify(entry)}`))
    page.on('Runtime.exceptionThrown', ({ exceptionDetails }) =>
      wrong.push(`Thrown: ${JSON.stringify(exceptionDetails)}`),
    )
    page.on('Runtime.consoleAPICalled', ({ type, args }) => {
      if (type === 'error' || type === 'warning') wrong.push(`Console: ${JSON.stringify(args)}`)
    })
    page.on('Network.requestWillBeSent', ({ request }) => {
      const { url: address, headers } = request as { url: string; headers: Record<string, string> }
      if (headers.authorization === SECRET) withHeader++
      const called = new URL(address)
      if (called.protocol.startsWith('http') && called.origin !== new URL(url ?? '').origin)
        wrong.push(`Called: ${called}`)
    })
    for (const domain of ['Log', 'Runtime', 'Network', 'Page']) await page.send(`${domain}.enable`)
    await page.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] })
    await page.send('Page.navigate', { url })
    await until(page, 'the headers editor', `globalThis.__MONACO && ${HEADERS} && ${RESPONSE}`)
    // The first one twice: the second time its tab knows the header, which is when GraphiQL could keep it.
    for (const index of [...examples.keys(), 0]) {
      const { data, errors } = await ask(page, index)
      console.log(`${scheme}: ${examples[index]?.title} ${errors ? 'errors' : 'answered'}`)
      if (!data || errors) wrong.push(`${examples[index]?.title}: ${JSON.stringify(errors)}`)
    }
    await screenshot(page, `explorer-${scheme}`)
    await until(page, 'its tabs in the storage', `localStorage.getItem('graphiql:tabState')?.includes('InStaging')`)
    if (withHeader !== examples.length + 1) wrong.push(`${withHeader} requests had the header of the headers editor.`)
    const kept = String(await evaluate(page, 'JSON.stringify(localStorage) + JSON.stringify(sessionStorage)'))
    if (kept.includes(SECRET)) wrong.push('A request header is kept in the storage of the browser.')
  } finally {
    await page.close()
  }
  return wrong
}

await mkdir(pictures, { recursive: true })
const wrong = [...(await look('light')), ...(await look('dark'))]
for (const line of wrong) console.error(line)
process.exitCode = wrong.length ? 1 : 0
