import type { Spot } from '../answer.ts'
import type { VersionInUse } from '../gather.ts'
import type { Material } from '../material.ts'
import { type Content, type Html, html } from './html.ts'
import {
  absent,
  emptyOf,
  facts,
  gap,
  gaps,
  lines,
  link,
  moment,
  number,
  origin,
  page,
  section,
  table,
  there,
  told,
} from './parts.ts'

/** The code of each version in use: what the run recorded, the commit, who reviewed it, and its CI runs. */
export function code({ evidence: { inUse } }: Material): Html {
  return section(
    'Code, review and CI',
    inUse.length === 0 ? html`<p>No version is known to be in use.</p>` : inUse.map(version),
  )
}

function version({ version: name, code: spot }: VersionInUse): Content {
  const run = spot.get('run')
  const title = html`<h3>Version ${name}</h3>`
  if (!there(run)) return [title, html`<p>${absent(run)}</p>`, gaps(spot)]
  const [recorded, commit, ci] = [run.get('code'), run.get('commit'), run.get('pipelineRun')]
  const holes = run.get('codeIncomplete')
  return [
    title,
    facts(
      ['The run recorded', there(recorded) ? reference(recorded) : absent(recorded)],
      [
        'Commit',
        there(commit) ? [html`<code>${told(commit.get('id'))}</code> `, link(run.get('commitLink'))] : unfound(commit),
      ],
      ...(there(commit) ? commitFacts(commit) : []),
      [
        'Started by CI run',
        there(ci) ? [page(ci.get('webUrl'), told(ci.get('name'))), ' ', link(run.get('pipelineRunLink'))] : unfound(ci),
      ],
      ...(there(ci)
        ? ([['Outcome of that run', [told(ci.get('status')), ', ended ', told(ci.get('endedAt'), moment)]]] as const)
        : []),
    ),
    holes.value === null ? html`<p>${absent(holes)}</p>` : undefined,
    holes.items.map((one) => html`<p>${gap(one.value as Parameters<typeof gap>[0])}</p>`),
    gaps(commit),
    there(commit) ? [requests(commit.get('pullRequests')), runs(commit.get('pipelineRuns'))] : undefined,
  ]
}

/** Of what null tells nothing by itself: the reasons stand below. */
const unfound = (spot: Spot): Content => (spot.why.length === 0 ? html`<em>none that is known</em>` : absent(spot))

const reference = (spot: Spot): Content => [
  'commit ',
  told(spot.get('sha')),
  ' of ',
  told(spot.get('repositoryUrl')),
  ', branch ',
  told(spot.get('branch')),
  ', entry ',
  told(spot.get('entryPoint')),
  ', started from ',
  told(spot.get('startedFrom')),
]

function commitFacts(commit: Spot): readonly (readonly [string, Content])[] {
  return [
    ['Message', page(commit.get('webUrl'), told(commit.get('message')))],
    ['Author', told(commit.get('author'))],
    ['Written', told(commit.get('authoredAt'), moment)],
    ['On a protected branch', told(commit.get('onProtectedBranch'))],
    ['All checks', told(commit.get('checkStatus'))],
    ['Source', origin(commit)],
  ]
}

function requests(spot: Spot): Content {
  const rows = spot
    .get('nodes')
    .items.map((one) => [
      page(one.get('webUrl'), ['#', told(one.get('number')), ' ', told(one.get('title'))]),
      told(one.get('state')),
      told(one.get('author')),
      [told(one.get('mergedAt'), moment), ' by ', told(one.get('mergedBy'))],
      told(one.get('independentlyApproved')),
      lines(one.get('approvals'), (approval) => [
        told(approval.get('by')),
        ', ',
        told(approval.get('at'), moment),
        ', of ',
        html`<code>${told(approval.get('sha'))}</code>`,
      ]),
    ])
  const head = ['Pull request', 'State', 'Author', 'Merged', 'Independently approved', 'Approvals']
  return [table(head, rows, emptyOf(spot, 'It came in by no pull request.')), gaps(spot)]
}

function runs(spot: Spot): Content {
  const rows = spot
    .get('nodes')
    .items.map((one) => [
      page(one.get('webUrl'), told(one.get('name'))),
      told(one.get('status')),
      told(one.get('event')),
      told(one.get('actor')),
      told(one.get('startedAt'), moment),
      told(one.get('durationSeconds'), number),
      origin(one),
    ])
  const head = ['CI run', 'Outcome', 'Set off by', 'Actor', 'Started', 'Seconds', 'Source']
  return [table(head, rows, emptyOf(spot, 'No CI run of it is known.')), gaps(spot)]
}
