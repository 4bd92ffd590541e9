import { startAlertmanager } from '#demo/alertmanager/index.ts'
import { gauge, startPrometheus } from '#demo/prometheus/index.ts'
import { alerts, describeAlertmanager, silences } from './alerts-suite.ts'
import { jobs } from './monitored.ts'
import { describePrometheus } from './monitoring-suite.ts'

describePrometheus('the stand-in of Prometheus 2.42.0', async () => {
  const all = jobs(Date.now() / 1_000 - 3_600)
  const up = [...all.keys()].map((job) => gauge('up', { job }, 1))
  const { url, close } = await startPrometheus({ series: [...[...all.values()].flat(), ...up] })
  return { url, version: '2.42.0+ds', filled: 'all', stop: close }
})

describeAlertmanager('the stand-in of Alertmanager 0.25.0', async () => {
  const { url, close } = await startAlertmanager({ alerts, silences })
  return { url, version: '0.25.0', stop: close }
})
