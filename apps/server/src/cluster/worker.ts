// One of several processes that share a socket: gets its configuration from the primary, serves, and stops on a
// signal. Metrics requests return the metrics of all workers, which only the primary can collect.
import { StartError } from '@crosswalk/control'
import { AggregatorRegistry } from 'prom-client'

import { createMetrics } from '../http/metrics.ts'
import { startServer } from '../start-server.ts'
import { stopOnSignal, waitForStopSignal } from '../stop-on-signal.ts'
import { SERVICE_NAME, startTelemetry } from '../telemetry/start-telemetry.ts'
import type { FromWorker, ToWorker } from './messages.ts'

const METRICS_TIMEOUT_MS = 6_000

// A worker keeps running even if its log cannot be written.
process.stderr.on('error', () => undefined)

const stopped = waitForStopSignal()
const awaited = new Map<number, (text: string) => void>()
let requests = 0

process.on('message', (message: ToWorker) => {
  if (message.type === 'metrics') awaited.get(message.request)?.(message.text)
  if (message.type === 'start') void serve(message)
})

async function serve({ configuration, first }: Extract<ToWorker, { type: 'start' }>): Promise<void> {
  const metrics = createMetrics()
  // Its constructor registers the listener that sends this process's registry to the primary.
  new AggregatorRegistry()
  AggregatorRegistry.setRegistries([metrics.registry])
  const telemetry = await startTelemetry(SERVICE_NAME)
  try {
    const server = await startServer(configuration, {
      environment: process.env,
      metrics,
      renderMetrics,
      bindLast: !first,
    })
    tell({ type: 'ready', port: server.port })
    await stopOnSignal(await stopped, server)
    await telemetry?.close()
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    const { message, fix, problems, isMisuse } = error
    tell({ type: 'failed', message, fix, problems, isMisuse })
  }
  process.disconnect?.()
}

function renderMetrics(): Promise<string> {
  const request = ++requests
  return new Promise<string>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error('the primary process gathered no metrics')),
      METRICS_TIMEOUT_MS,
    )
    awaited.set(request, (text) => {
      clearTimeout(timer)
      resolve(text)
    })
    tell({ type: 'metrics', request })
  }).finally(() => awaited.delete(request))
}

function tell(message: FromWorker): void {
  process.send?.(message)
}
