import { alertmanager } from './alertmanager/index.ts'
import { mlflowMetrics } from './mlflow-metrics/index.ts'
import { prometheus } from './prometheus/index.ts'

/** Every tool that monitors and can be read: a new one is a folder beside this file and a line here. */
export const monitoringAdapters = [prometheus, alertmanager, mlflowMetrics]
