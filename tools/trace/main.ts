// `npm run trace`: runs the demo world once, collects the spans of its servers, and draws one trace in the
// documentation.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

import { startCollector } from './collector.ts'
import { writeDrawing } from './docs-page.ts'
import { drawTrace, findCrossing } from './draw-trace.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

const collector = await startCollector()
const world = spawn('npm', ['start', '--silent', '--', '--once', '--port-base', '0'], {
  cwd: ROOT,
  stdio: ['ignore', 'ignore', 'inherit'],
  env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
})
const [code] = (await once(world, 'exit')) as [number | null]
if (code !== 0) throw new Error(`the demo world exited with ${code}`)
const drawing = drawTrace(findCrossing(collector.spans()))
await collector.close()
writeDrawing(drawing)
console.log(drawing)
