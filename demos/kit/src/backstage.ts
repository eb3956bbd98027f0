// What an app of the demo may ask of those who run the demo: to play the administrator for a moment, and to show of a
// decision what the developer of the app may learn. An app elsewhere has no such thing, and does without.

export const ACTS = ['stop-agent', 'remove-user', 'demand-step-up'] as const
/** Something an administrator of the company does, and revokes afterwards. */
export type Act = (typeof ACTS)[number]

export interface Backstage {
  /** In force when it resolves; @returns what revokes it */
  perform(act: Act, userId: string): Promise<() => Promise<void>>
  /** @returns undefined for a decision that no one kept */
  findDecision(decisionId: string): Promise<DecisionView | undefined>
}

/** A decision as the developer of the asking app may see it: the organisation's own rules are not told apart. */
export interface DecisionView {
  readonly id: string
  /** Who decided */
  readonly stage: 'idp' | 'vendor'
  readonly outcome: string
  /** Absent where it would name the policy of the organisation that denied */
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

/** @param secret - shared with the process that answers */
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
      if (!response.ok) throw new Error(`backstage: ${act} answered ${response.status}`)
      const { id } = (await response.json()) as { readonly id: string }
      return async () => {
        const ended = await send(`/acts/${id}`, { method: 'DELETE' })
        if (!ended.ok) throw new Error(`backstage: the end of ${act} answered ${ended.status}`)
      }
    },
    findDecision: async (decisionId) => {
      const response = await send(`/decisions/${encodeURIComponent(decisionId)}`)
      return response.ok ? ((await response.json()) as DecisionView) : undefined
    },
  }
}
