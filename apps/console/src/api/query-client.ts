// How reads behave everywhere: refusals are final, anything else is tried again, and a session that is over is noticed.
import { QueryCache, QueryClient } from '@tanstack/react-query'

import { kindOf } from './problem.ts'

const MOST_RETRIES = 2
const AWAY_RETRY_MS = 5000

export function createQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError(error, query) {
        if (query.queryKey[0] !== 'session' && kindOf(error) === 'signed-out')
          void client.invalidateQueries({ queryKey: ['session'] })
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        refetchOnWindowFocus: true,
        retry: (failures, error) => {
          const kind = kindOf(error)
          return (kind === 'unreachable' || kind === 'fault') && failures < MOST_RETRIES
        },
        retryDelay: (attempt) => 300 * 2 ** attempt,
        // A page that says the server is away asks by itself whether it is back.
        refetchInterval: ({ state }) =>
          state.error !== null && kindOf(state.error) === 'unreachable' ? AWAY_RETRY_MS : false,
      },
    },
  })
  return client
}
