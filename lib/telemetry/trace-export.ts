import { ExportResultCode } from '@opentelemetry/core'
import type { SpanExporter } from '@opentelemetry/sdk-trace-base'
import type { Logger } from 'pino'

/** Tells the log once when spans cannot be sent any more, and once when they can again. Those in between are lost. */
export function tellOutages(exporter: SpanExporter, log: Logger): SpanExporter {
  let down = false
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        const failed = result.code !== ExportResultCode.SUCCESS
        // Its message may repeat what the collector wrote.
        const reason = { name: result.error?.name, code: codeOf(result.error) }
        if (failed && !down) log.warn(reason, 'traces cannot be sent to telemetry.otlp: they are lost until they can')
        if (!failed && down) log.info('traces are sent to telemetry.otlp again')
        down = failed
        // The processor would tell a failure once more.
        done({ code: ExportResultCode.SUCCESS })
      })
    },
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  }
}

/** The code of a system error or the status of an answer. */
function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
