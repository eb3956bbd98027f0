// Limits how many exports and evidence packs this process makes at a time: each keeps the event loop busy page by page, and
// token requests wait for all of them.
import { type AdminContext, principalOf } from '../http/context.ts'
import { buildProblem, isProblem, type Problem } from '../http/problem.ts'
import { toStream } from '../http/stream.ts'

const MAX_RUNNING = 4
/** So that one caller does not take every place */
const MAX_PER_CALLER = 2

const BUSY = buildProblem('busy', {
  detail: 'Too many exports are running.',
  headers: { 'retry-after': '5' },
})

interface Download {
  readonly chunks: AsyncGenerator<Uint8Array>
  readonly headers: Readonly<Record<string, string>>
}

export interface ExportLimit {
  /** Streams what `open` returns, unless too many downloads are running. One runs until the client has read it or left. */
  stream(context: AdminContext, open: () => Promise<Download | Problem>): Promise<Response | Problem>
}

export function createExportLimit(): ExportLimit {
  const running = new Set<{ readonly caller: string }>()
  return {
    async stream(context, open) {
      const place = { caller: principalOf(context.caller) }
      const own = [...running].filter(({ caller }) => caller === place.caller)
      if (running.size >= MAX_RUNNING || own.length >= MAX_PER_CALLER) return BUSY
      running.add(place)
      const leave = () => void running.delete(place)
      // A client that leaves before the first byte does not cancel the stream.
      context.signal?.addEventListener('abort', leave, { once: true })
      try {
        const download = await open()
        if (!isProblem(download))
          return new Response(toStream(download.chunks, leave), {
            headers: { 'cache-control': 'no-store', ...download.headers },
          })
        leave()
        return download
      } catch (error) {
        leave()
        throw error
      }
    },
  }
}
