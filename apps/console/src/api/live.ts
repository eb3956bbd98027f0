// Follows the server's stream of changes and repeats the affected reads. Tracks whether the stream is connected, since a page without it must
// not look live.
import { COLLECTION_NAMES } from '@crosswalk/admin-api'
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, useSyncExternalStore } from 'react'

import { repeatReads } from './repeat-reads.ts'
import { createListeners } from '../hooks/listeners.ts'

export type LiveState = 'connecting' | 'live' | 'lost' | 'paused'

let state: LiveState = 'connecting'
let paused = false
const { subscribe, notify: tell } = createListeners()

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

/** While paused, nothing on a page updates; when the pause ends, everything is read again. */
export function setPaused(next: boolean): void {
  paused = next
  tell()
}

/** Reads of other servers, which must not receive a request for each event here. */
const ELSEWHERE: ReadonlySet<unknown> = new Set(['discover'])

/** Reads that depend on definitions; all others depend on logs. */
const DEFINITIONS: ReadonlySet<unknown> = new Set([
  ...COLLECTION_NAMES,
  'connection-usage',
  'blocks',
  'tokens',
  'access-requests',
  'access-grants',
  'reviews',
  'recommendations',
  'explain',
  // These reads are recorded themselves, so repeating them whenever logs grow would never end.
  'simulate',
  'reach',
  'replay',
  'replay.report-only',
  'configuration',
  'invitations',
])

/** Reads of a collection above that also depend on logs. */
const ALSO_FROM_LOGS: ReadonlySet<unknown> = new Set([
  'connections.facts',
  'connections.proof',
  'apps.facts',
  'users.facts',
  'recommendations.list',
])

interface Change {
  readonly definitions: boolean
  readonly logs: readonly string[]
}

/**
 * Listens while mounted and visible: browsers allow few connections per server, and a stream for each
 * background tab would leave none for the active one.
 *
 * @param state - from before the first read of the page
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

/** @returns a function that unsubscribes */
function onResume(resume: () => void): () => void {
  let before = paused
  return subscribe(() => {
    if (before && !paused) resume()
    before = paused
  })
}

interface StreamStart {
  /** Whether changes since the first read may be missing from the stream */
  readonly missed: boolean
  /** Where the stream starts */
  readonly since: string
}

/** As long as a browser waits after a lost connection. */
const RECONNECT_MS = 2000

/** @returns a function that unsubscribes */
function listen(queries: QueryClient, { missed, since }: StreamStart): () => void {
  const source = new EventSource(`/admin/live?since=${since}`)
  let wasLost = missed
  let close = () => source.close()
  /** For a stream that the browser does not open again. If the session is over, nothing listens any longer. */
  function reconnect(): void {
    setState('lost')
    repeatReads(queries, { queryKey: ['session'] })
    const timer = setTimeout(() => {
      close = listen(queries, { missed: true, since })
    }, RECONNECT_MS)
    close = () => clearTimeout(timer)
  }
  source.addEventListener('ready', () => {
    setState('live')
    // Changes during a disconnect are unknown.
    if (wasLost && !paused) repeatReads(queries)
    wasLost = false
  })
  source.addEventListener('message', ({ data }: MessageEvent<string>) => {
    const change = JSON.parse(data) as Change
    if (!paused) refresh(queries, change)
    // A pause must not keep data of a lost role on the page.
    else if (change.definitions) repeatReads(queries, { queryKey: ['session'] })
  })
  source.addEventListener('over', () => {
    source.close()
    reconnect()
  })
  source.addEventListener('error', () => {
    wasLost = true
    // A rejection closes the stream permanently; the session tells why.
    if (source.readyState === EventSource.CLOSED) reconnect()
    else setState('lost')
  })
  return () => close()
}

function refresh(queries: QueryClient, change: Change): void {
  repeatReads(queries, { predicate: ({ queryKey }) => isAffected(queryKey, change) })
}

/** @returns whether a read may have another result after the change */
export function isAffected([collection, route]: readonly unknown[], { definitions, logs }: Change): boolean {
  if (ELSEWHERE.has(collection)) return false
  // Permissions also depend on groups.
  if (collection === 'session') return definitions
  const fromDefinitions = DEFINITIONS.has(collection)
  return (
    (definitions && fromDefinitions) || (logs.length > 0 && (!fromDefinitions || ALSO_FROM_LOGS.has(route)))
  )
}
