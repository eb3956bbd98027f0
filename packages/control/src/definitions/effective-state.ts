// The current state of an object: holds take precedence over the definition, and connections also have a period.
import type { Collection, zHeld } from '@crosswalk/admin-api'
import { hasEnded } from '@crosswalk/policy'
import type { z } from 'zod'
import { dropUndefined } from '@crosswalk/protocol'

import type { DefinitionOf, Hold } from './records.ts'

export function findEffectiveState<C extends Collection>(
  collection: C,
  definition: DefinitionOf<C>,
  { hold, nowMs }: { readonly hold: Hold | undefined; readonly nowMs: number },
): string {
  if (hold !== undefined) return hold.state
  if (collection !== 'connections')
    return (definition as { active?: boolean }).active === false ? 'inactive' : 'active'
  const { status, notBefore, expiresAt } = definition as DefinitionOf<'connections'>
  if (status !== 'active') return status
  if (hasEnded(expiresAt, nowMs / 1000)) return 'expired'
  return notBefore !== undefined && Date.parse(notBefore) > nowMs ? 'scheduled' : 'active'
}

export function renderHold({ state, by, since, reason, revokeTokens }: Hold): z.output<typeof zHeld> {
  return {
    ...{ state, by, since },
    ...dropUndefined({ reason, revokeTokens }),
  }
}
