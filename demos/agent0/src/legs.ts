// Records the requests behind one answer: the SDK reports each exchange, which is added to the turn that caused it.
import { AsyncLocalStorage } from 'node:async_hooks'

import type { LegEvent } from '@crosswalk/client'

export interface LegRecorder {
  /** Passed to the SDK */
  onLeg(event: LegEvent): void
  /** Runs `task`, and adds its exchanges to `legs`. */
  record<T>(legs: LegEvent[], task: () => Promise<T>): Promise<T>
}

/** One SDK object serves all users; the async context identifies the turn of an exchange. */
export function createLegRecorder(): LegRecorder {
  const turns = new AsyncLocalStorage<LegEvent[]>()
  return {
    onLeg: (event) => {
      turns.getStore()?.push(event)
    },
    record: (legs, task) => turns.run(legs, task),
  }
}

/** The purpose of an exchange, in words. */
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

/** @returns whether the request succeeded */
export function isSuccess({ status }: LegEvent): boolean {
  return status !== undefined && status < 400
}
