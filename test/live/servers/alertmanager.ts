import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AlertSpec, SilenceSpec } from '#demo/alertmanager/index.ts'
import { programOf } from './debian.ts'
import type { RealServer } from './mlflow.ts'
import { freePorts } from './ports.ts'
import { startProcess } from './process.ts'

/** Alerts of severity info are kept quiet by a page of the same model. */
const CONFIG = {
  route: { receiver: 'nobody', group_wait: '1s' },
  receivers: [{ name: 'nobody' }],
  inhibit_rules: [{ source_matchers: ['severity="page"'], target_matchers: ['severity="info"'], equal: ['model'] }],
}

/**
 * Starts a real Alertmanager and gives it alerts and silences. Throws where the Debian package `prometheus-alertmanager`
 * is not installed.
 */
export async function startRealAlertmanager(
  alerts: readonly AlertSpec[],
  silences: readonly SilenceSpec[],
): Promise<RealServer> {
  const command = programOf('prometheus-alertmanager', 'prometheus-alertmanager')
  const cwd = await mkdtemp(join(tmpdir(), 'alertmanager-'))
  const [port = 0] = await freePorts(1)
  const url = `http://127.0.0.1:${port}`
  await writeFile(join(cwd, 'alertmanager.json'), JSON.stringify(CONFIG))
  const { stop } = await startProcess({
    ...{ name: 'Alertmanager', command, cwd, env: {}, timeoutMs: 20_000 },
    args: [
      ...['--config.file=alertmanager.json', '--storage.path=data', `--web.listen-address=127.0.0.1:${port}`],
      '--cluster.listen-address=',
    ],
    ready: async () => (await fetch(`${url}/-/ready`)).ok,
  })
  for (const { id: _, matchers, startsAt, endsAt, ...silence } of silences) {
    await post(url, 'silences', {
      ...silence,
      matchers: Object.entries(matchers).map(([name, value]) => ({ name, value, isRegex: false, isEqual: true })),
      ...{ startsAt: new Date(startsAt).toISOString(), endsAt: new Date(endsAt).toISOString() },
    })
  }
  await post(
    url,
    'alerts',
    alerts.map(({ labels, annotations = {}, startsAt, generatorUrl }) => ({
      ...{ labels, annotations, startsAt: new Date(startsAt).toISOString() },
      ...(generatorUrl !== undefined && { generatorURL: generatorUrl }),
    })),
  )
  const status = await fetch(`${url}/api/v2/status`)
  const { versionInfo } = (await status.json()) as { versionInfo: { version: string } }
  return { url, version: versionInfo.version, stop }
}

async function post(url: string, path: string, body: object): Promise<void> {
  const answer = await fetch(`${url}/api/v2/${path}`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`Alertmanager answered ${path} with ${answer.status}: ${await answer.text()}`)
}
