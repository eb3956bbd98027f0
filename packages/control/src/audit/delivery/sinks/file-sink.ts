// Appends events to a file, one per line. The file is opened for each batch, so it can be rotated at any time, and
// synced before the stream moves on.
import { open } from 'node:fs/promises'

import { renderEvent } from '../render-event.ts'
import { type DefinitionOfSink, describeFault, type Sink } from './sink.ts'

const BATCH_EVENTS = 500
const LINE_FEED = 0x0a

export function createFileSink({ path, format }: DefinitionOfSink<'file'>): Sink {
  return {
    batchEvents: BATCH_EVENTS,
    async send({ events }) {
      try {
        await appendLines(path, events.map((event) => renderEvent(event, format)).join(''))
        return undefined
      } catch (error) {
        return { error: `${path}: ${describeFault(error)}`, isRejected: false }
      }
    },
    close: async () => undefined,
  }
}

async function appendLines(path: string, lines: string): Promise<void> {
  const file = await open(path, 'a+', 0o600)
  try {
    const { size } = await file.stat()
    // After a crash in the middle of a line, that line is written again in full.
    const torn = size > 0 && (await file.read(Buffer.alloc(1), 0, 1, size - 1)).buffer[0] !== LINE_FEED
    await file.appendFile(torn ? `\n${lines}` : lines)
    await file.datasync()
  } finally {
    await file.close()
  }
}
