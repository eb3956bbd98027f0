// The effective state of a connection, from its status, suspensions and validity period.

import type { Connection } from '../../api/objects.ts'
import type { ChipState } from '../chips.tsx'

export function stateOf({ state, status, notBefore, expiresAt }: Connection, nowMs: number): ChipState {
  if (state?.held !== undefined) return state.held.state
  if (status !== 'active') return status
  if (expiresAt !== undefined && Date.parse(expiresAt) <= nowMs) return 'expired'
  return notBefore !== undefined && Date.parse(notBefore) > nowMs ? 'scheduled' : 'active'
}
