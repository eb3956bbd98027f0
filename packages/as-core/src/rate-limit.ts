// How many token requests one client may send in a minute, per process; over it, the answer is 429 with Retry-After.
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'

export interface RateLimit {
  /** Counts one request. @returns seconds to wait when the limit is passed, undefined otherwise */
  count(clientId: string): Promise<number | undefined>
}

/** @param perMinute - 0 switches the limit off */
export function createRateLimit(perMinute: number): RateLimit | undefined {
  if (perMinute === 0) return undefined
  const limiter = new RateLimiterMemory({ points: perMinute, duration: 60 })
  return {
    count: async (clientId) => {
      try {
        await limiter.consume(clientId)
        return undefined
      } catch (exceeded) {
        if (exceeded instanceof RateLimiterRes) return Math.max(1, Math.ceil(exceeded.msBeforeNext / 1000))
        throw exceeded
      }
    },
  }
}
