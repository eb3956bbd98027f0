// Behaviour of all reads: rejections are final, other failures are retried, and an expired session is detected.
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'

import { isPaused } from './live.ts'
import { isTemporary, kindOf } from './problem.ts'

const MAX_RETRIES = 2
const OFFLINE_RETRY_MS = 5000

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError(error, query) {
      if (query.queryKey[0] !== 'session') checkSession(error)
    },
  }),
  mutationCache: new MutationCache({ onError: checkSession }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: () => !isPaused(),
      retry: (failures, error) => {
        return (isTemporary(error) || kindOf(error) === 'fault') && failures < MAX_RETRIES
      },
      retryDelay: (attempt) => 300 * 2 ** attempt,
      refetchInterval: repeatEvery(false),
    },
  },
})

/** A page that shows an unreachable server keeps checking whether it is back. While paused, nothing else is repeated. */
export function repeatEvery(periodMs: number | false) {
  return ({ state: { error } }: { readonly state: { readonly error: Error | null } }): number | false => {
    if (error !== null && isTemporary(error)) return OFFLINE_RETRY_MS
    return isPaused() ? false : periodMs
  }
}

/** A rejection may mean that the user signed out, or that their role changed since the page opened. */
export function checkSession(error: unknown): void {
  if (['signed-out', 'forbidden'].includes(kindOf(error)))
    void queryClient.invalidateQueries({ queryKey: ['session'] })
}
