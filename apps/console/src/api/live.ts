// What changed elsewhere, as the server tells it: reads that it may concern are repeated. Holds whether the stream
// stands, since a page that hears nothing must not look live.
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, useSyncExternalStore } from 'react'

import { repeatReads } from './repeat-reads.ts'
import { createListeners } from '../hooks/listeners.ts'

export type LiveState = 'connecting' | 'live' | 'lost' | 'paused'

let state: LiveState = 'connecting'
let paused = false
const { subscribe, tell } = createListeners()

function setState(next: LiveState): void {
  state = next
  tell()
}

export function useLiveState(): LiveState {
  return useSyncExternalStore(subscribe, () => (paused ? 'paused' : state))
}

export function isPaused(): boolean {
  return paused
}

/** While paused nothing on a page moves by itself; whatever happened meanwhile is read when it ends. */
export function setPaused(next: boolean): void {
  paused = next
  tell()
}

/** Reads that follow from definitions; everything else follows from logs. */
const DEFINITIONS: ReadonlySet<unknown> = new Set([
  'users',
  'groups',
  'apps',
  'resource-apps',
  'connections',
  'connection-usage',
  'policies',
  'policy-suites',
  'authorization-servers',
  'blocks',
  'tokens',
  'access-requests',
  'access-grants',
  'reviews',
  'recommendations',
  'explain',
  // Asking these is itself recorded: repeated whenever logs grow they would go on for ever.
  'simulate',
  'reach',
  'replay',
])

/** Reads of a collection above that follow from logs as well. */
const LOGS_TOO: ReadonlySet<unknown> = new Set([
  'connections.facts',
  'connections.proof',
  'apps.facts',
  'recommendations.list',
])

interface Change {
  readonly definitions: boolean
  readonly logs: readonly string[]
}

/**
 * Listens as long as it is mounted and can be seen: browsers have few connections to one server, and a stream for each
 * tab in the background would leave none for the one in front.
 *
 * @param state - of before anything was read that the page shows
 */
export function useLiveUpdates(state: string): void {
  const queries = useQueryClient()
  const [since] = useState(state)
  useEffect(() => {
    let close: (() => void) | undefined
    let missed = false
    function follow(): void {
      if (document.visibilityState === 'hidden') {
        close?.()
        close = undefined
        missed = true
      } else close ??= listen(queries, { missed, since })
    }
    follow()
    const unfollowPause = onResume(() => repeatReads(queries))
    document.addEventListener('visibilitychange', follow)
    return () => {
      unfollowPause()
      document.removeEventListener('visibilitychange', follow)
      close?.()
    }
  }, [queries, since])
}

/** @returns what ends it */
function onResume(resume: () => void): () => void {
  let before = paused
  return subscribe(() => {
    if (before && !paused) resume()
    before = paused
  })
}

interface Begin {
  /** Whether something may have happened since the pages were read that the stream does not tell */
  readonly missed: boolean
  /** What changed since then is the first thing the stream tells */
  readonly since: string
}

/** @returns what ends it */
function listen(queries: QueryClient, { missed, since }: Begin): () => void {
  const source = new EventSource(`/admin/live?since=${since}`)
  let wasLost = missed
  source.addEventListener('ready', () => {
    setState('live')
    // Events during a disconnect are unknown.
    if (wasLost && !paused) repeatReads(queries)
    wasLost = false
  })
  source.addEventListener('message', ({ data }: MessageEvent<string>) => {
    const change = JSON.parse(data) as Change
    if (!paused) refresh(queries, change)
    // What a role that was lost showed does not stay because of a pause.
    else if (change.definitions) repeatReads(queries, { queryKey: ['session'] })
  })
  source.addEventListener('over', () => {
    source.close()
    repeatReads(queries, { queryKey: ['session'] })
  })
  source.addEventListener('error', () => {
    wasLost = true
    setState('lost')
    // A refusal closes the stream for good: then the session says why.
    if (source.readyState === EventSource.CLOSED) repeatReads(queries, { queryKey: ['session'] })
  })
  return () => source.close()
}

function refresh(queries: QueryClient, { definitions, logs }: Change): void {
  repeatReads(queries, {
    predicate: ({ queryKey: [collection, route] }) => {
      // Permissions also follow from groups.
      if (collection === 'session') return definitions
      const fromDefinitions = DEFINITIONS.has(collection)
      return (
        (definitions && fromDefinitions) || (logs.length > 0 && (!fromDefinitions || LOGS_TOO.has(route)))
      )
    },
  })
}
