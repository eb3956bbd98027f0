// Reads and writes the drawing of a trace in the documentation.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const PAGE = fileURLToPath(new URL('../../docs/how-to/trace-requests.md', import.meta.url))
const DRAWING = /(?<=<!-- Drawn by `npm run trace`. -->\n\n```text\n).*?(?=\n```)/s

export function readDrawing(): string {
  const drawing = DRAWING.exec(readFileSync(PAGE, 'utf8'))?.[0]
  if (drawing === undefined) throw new Error(`${PAGE} has no placeholder for a drawing`)
  return drawing
}

export function writeDrawing(drawing: string): void {
  readDrawing()
  writeFileSync(
    PAGE,
    readFileSync(PAGE, 'utf8').replace(DRAWING, () => drawing),
  )
}
