// What the demo offers its apps behind the scenes: acting briefly as the administrator, and the parts of a decision
// that an app's developer may see. An app outside the demo works without it.
import type { AdministratorAct } from '@crosswalk/lab'

export interface Backstage {
  /** Resolves once the action is effective; @returns a function that undoes it */
  perform(act: AdministratorAct, userId: string): Promise<() => Promise<void>>
  /** @returns undefined if the decision was not recorded */
  findDecision(decisionId: string): Promise<DecisionView | undefined>
}

/** A decision as the developer of the requesting app may see it: without details of the organisation's own rules. */
export interface DecisionView {
  readonly id: string
  /** The server that decided */
  readonly stage: 'idp' | 'vendor'
  readonly outcome: string
  /** Absent if it would reveal the organisation's policy that denied the request */
  readonly code?: string
  readonly text: string
  readonly remedies: readonly string[]
  readonly checks: readonly CheckView[]
}

export interface CheckView {
  readonly name: string
  readonly result: 'pass' | 'fail' | 'unknown' | 'skipped' | 'not_applicable'
  readonly expected?: string
  readonly actual?: string
}

const TIMEOUT_MS = 5000

/** @param secret - shared with the process that serves it */
export function connectBackstage(url: string, secret: string): Backstage {
  const send = (path: string, init: RequestInit = {}) =>
    fetch(`${url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
  return {
    perform: async (act, userId) => {
      const response = await send(`/acts/${act}`, { method: 'POST', body: JSON.stringify({ userId }) })
      if (!response.ok) throw new Error(`backstage: ${act} responded with ${response.status}`)
      const { id } = (await response.json()) as { readonly id: string }
      return async () => {
        const ended = await send(`/acts/${id}`, { method: 'DELETE' })
        if (!ended.ok) throw new Error(`backstage: undoing ${act} responded with ${ended.status}`)
      }
    },
    findDecision: async (decisionId) => {
      const response = await send(`/decisions/${encodeURIComponent(decisionId)}`)
      return response.ok ? ((await response.json()) as DecisionView) : undefined
    },
  }
}
