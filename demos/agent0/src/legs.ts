// What went over the wire for one answer: the SDK reports each exchange, and it is noted for the turn that caused it.
import { AsyncLocalStorage } from 'node:async_hooks'

import type { LegEvent } from '@crosswalk/client'

export interface LegRecorder {
  /** To be handed to the SDK */
  onLeg(event: LegEvent): void
  /** Runs `task`, and notes into `legs` what the SDK reports meanwhile on its behalf. */
  record<T>(legs: LegEvent[], task: () => Promise<T>): Promise<T>
}

/** One SDK object serves everybody; which turn an exchange belongs to is known from where it was called. */
export function createLegRecorder(): LegRecorder {
  const turns = new AsyncLocalStorage<LegEvent[]>()
  return {
    onLeg: (event) => {
      turns.getStore()?.push(event)
    },
    record: (legs, task) => turns.run(legs, task),
  }
}

/** What an exchange was for, in words. */
export function describeLeg({ leg, method, url }: LegEvent): string {
  const { host, pathname } = new URL(url)
  switch (leg) {
    case 'discovery':
      return `Look up ${host}`
    case 'exchange':
      return "ID token → ID-JAG, at your company's IdP"
    case 'redemption':
      return "ID-JAG → access token, at the vendor's server"
    case 'resource':
      return `${method} ${pathname} with the access token`
  }
}

/** @returns whether the server said yes */
export function isGood({ status }: LegEvent): boolean {
  return status !== undefined && status < 400
}
