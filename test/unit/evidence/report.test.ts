import { describe, expect, it } from 'vitest'
import { html } from '#gateway/evidence/report/html.ts'
import { layered } from '#gateway/evidence/report/layout.ts'
import { picture } from '#gateway/evidence/report/picture.ts'
import { report } from '#gateway/evidence/report/report.ts'
import { bare, caller, down, materialOf, source, whole } from './evidence.ts'

const HOSTILE = `<script>alert(1)</script>"'><img src=x onerror=alert(2)>&amp;\u0000\u001b\ud800`
const model = (fields: object) => ({ model: fields })
const textOf = (page: string) =>
  page
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')

describe('html', () => {
  it('escapes what is put in, in text and attributes, and shows what HTML forbids', () => {
    expect(html`<a title="${`"'<>&`}">${['<b>', html`<i>${'&'}</i>`]}</a>`.html).toBe(
      '<a title="&quot;&#39;&lt;&gt;&amp;">&lt;b&gt;<i>&amp;</i></a>',
    )
    expect(html`${'a\u0000b\u009bc\ud800'}${undefined}${7}`.html).toBe('a\ufffdb\ufffdc\ufffd7')
  })
})

describe('the report', () => {
  it('holds nothing that runs or is loaded, whatever things are called', async () => {
    const page = report(await materialOf(whole(HOSTILE, 'javascript:alert(3)')))
    expect(page).not.toMatch(/<(script|img|iframe|link|object|embed|base|form)\b/i)
    expect(page).not.toMatch(/<[^>]*\s(on\w+|style|src)=/i)
    expect(page).not.toMatch(/href="(?!https?:)/i)
    expect(page).not.toContain('javascript:alert(3)"')
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not be there
    expect(page).not.toMatch(/[\u0000\u001b]/)
    expect(page).toMatch(
      /Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;sha256-[\w+/]+=&#39;/,
    )
  })

  it('says on the first page of what, when, by whose rights, how whole, and by which rules', async () => {
    const page = report(await materialOf({ ...whole('churn'), caller: { me: caller } }))
    const first = textOf(page.slice(0, page.indexOf('Identity and owners')))
    expect(first).toContain('Evidence pack: churn')
    expect(first).toContain('INCOMPLETE')
    expect(first).toContain('Sources: churn.')
    expect(first).toContain('Made at 2026-11-24 12:00:01 UTC')
    expect(first).toContain('Oldest fact 2026-11-24 11:00:00 UTC')
    expect(first).toContain('key:audit, with the roles: risk')
    expect(first).toMatch(/SHA-256 f00d/)
    expect(first).toMatch(/churn churn CRITICAL FAIL × 2, WAIVED churn/)
  })

  it('tells how the data stood when the run started, and that nobody knows where nobody does', async () => {
    const then = textOf(report(await materialOf(whole('churn'))))
    expect(then).toMatch(/Quality when the run started FAILED: 1 passed, 1 failed/)
    const { inputQuality: _silent, ...rest } = whole('churn')
    expect(textOf(report(await materialOf(rest)))).toContain('Quality when the run started not known')
  })

  it('tells what was seen to change and how exactly, and takes an unobserved model for no quiet one', async () => {
    expect(textOf(report(await materialOf(whole('churn'))))).toContain(
      'remembered by the tool; at most 60 s earlier CHAMPION_CHANGED churn nothing churn churn churn',
    )
    const page = textOf(report(await materialOf({ model: model(bare()) })))
    expect(page).toMatch(/History not known/)
    expect(page).not.toContain('Nothing was seen to change.')
  })

  it('counts what the caller may not see', async () => {
    const applications = model({ applications: { nodes: [], incomplete: [down('catalog', 'FORBIDDEN', 3)] } })
    const page = textOf(report(await materialOf({ model: model(bare()), applications })))
    expect(page).toMatch(/INCOMPLETE/)
    expect(page).toMatch(/Withheld \(FORBIDDEN\): 3 of catalog/)
  })

  it('is whole, and says so, where nothing is missing', async () => {
    const page = textOf(report(await materialOf({ model: model(bare()), sources: { sources: [source('mlflow')] } })))
    expect(page).toContain('Whole: nothing that was asked for is missing.')
    expect(page).not.toContain('INCOMPLETE')
  })

  it('never says none of what a silent source would tell', async () => {
    const answers = whole('churn')
    const failure = { message: 'mlflow is down', path: ['modelVersion'], extensions: { source: 'mlflow' } }
    const page = textOf(
      report(
        await materialOf({
          ...answers,
          version: failure,
          code: failure,
          served: model({ served: { nodes: [], incomplete: [down('server')] } }),
        }),
      ),
    )
    const part = (from: string, to: string) => page.slice(page.lastIndexOf(from), page.lastIndexOf(to))
    expect(part('Training run and data', 'Code, review and CI')).toContain('not known mlflow: DOWN. mlflow is down')
    expect(part('Code, review and CI', 'Serving')).toContain('not known mlflow: DOWN. mlflow is down')
    expect(part('Serving', 'What rules say')).toContain('Not known: what could not be asked may hold some.')
    expect(part('Serving', 'What rules say')).not.toContain('served nowhere')
  })

  it('says none where that is what the contract says null means', async () => {
    const page = textOf(report(await materialOf({ model: model(bare()) })))
    expect(page).toContain('Champion none')
    expect(page).toContain('Owners none')
    expect(page).toContain('Registered not known')
  })
})

describe('the picture', () => {
  const node = (id: string) => ({ id, type: 'T', label: id, depth: 0, truncated: false, incomplete: [] })
  const edge = (from: string, to: string) => ({ from, to, field: 'f', link: null })

  it('has each thing right of what it is made from, and leads long steps past what stands between', () => {
    const layout = layered({
      nodes: ['a', 'b', 'c', 'd'].map(node),
      edges: [edge('a', 'b'), edge('b', 'c'), edge('a', 'c'), edge('d', 'c')],
    })
    const place = Object.fromEntries(layout.placed.map(({ node: { id }, column, row }) => [id, { column, row }]))
    expect([place.a, place.b, place.c].map((one) => one?.column)).toEqual([0, 1, 2])
    expect(place.d?.column).toBe(1)
    const [through] = layout.routes.find(({ edge: one }) => one.from === 'a' && one.to === 'c')?.through ?? []
    expect(through?.column).toBe(1)
    expect([place.b, place.d]).not.toContainEqual(through)
    expect(layout.rows).toBe(3)
  })

  it('ends for circles, steps to itself and steps to what is not shown', () => {
    const edges = [edge('a', 'b'), edge('b', 'a'), edge('a', 'a'), edge('a', 'far')]
    const { placed, routes } = layered({ nodes: ['a', 'b'].map(node), edges })
    expect(placed).toHaveLength(2)
    expect(routes).toHaveLength(2)
    expect(picture({ root: 'a', nodes: [], edges: [], incomplete: [] }).html).toContain('<svg')
  })

  it('is laid out in time for as many as a pack holds', () => {
    const nodes = Array.from({ length: 500 }, (_, i) => node(`n${i}`))
    const edges = nodes.flatMap((_, i) => [1, 7, 40].map((step) => edge(`n${i}`, `n${i + step}`)))
    const start = performance.now()
    expect(layered({ nodes, edges }).columns).toBe(500)
    picture({ root: 'n0', nodes, edges, incomplete: [] })
    expect(performance.now() - start).toBeLessThan(2_000)
  })
})
