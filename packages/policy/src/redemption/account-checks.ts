// Which local account the subject is; every failure has its own recorded reason, but the same text on the wire.
import type { XaaCode } from '@crosswalk/protocol'

import type { Checklist } from '../checklist.ts'
import type { AccountFact } from '../redemption-facts.ts'

const REFUSED: Record<'missing' | 'ambiguous' | 'conflict' | 'email-refused', XaaCode> = {
  missing: 'XAA2301',
  ambiguous: 'XAA2302',
  conflict: 'XAA2302',
  'email-refused': 'XAA2305',
}

/** @returns the id of the account; undefined if there is none to act for */
export function checkAccount(list: Checklist, account: AccountFact): string | undefined {
  switch (account.state) {
    case 'not-looked-up':
      list.skip(['account'], 'assertion.signature')
      return undefined
    case 'found':
      if (account.active) list.pass('account', { ref: account.id, actual: account.linkingSteps })
      else list.fail('account', 'XAA2303', { ref: account.id, expected: 'an enabled account' })
      return account.active ? account.id : undefined
    case 'new':
    case 'external':
      list.pass('account', {
        ref: account.id,
        via: account.state === 'new' ? 'just-in-time provisioning' : 'issuer and subject',
        actual: account.linkingSteps,
      })
      return account.id
    case 'workload':
      if (account.id === undefined) list.fail('account', 'XAA2306', { expected: 'a listed workload' })
      else list.pass('account', { ref: account.id, via: 'service account of the workload' })
      return account.id
    case 'missing':
    case 'ambiguous':
    case 'conflict':
    case 'email-refused':
      list.fail('account', REFUSED[account.state], { actual: account.linkingSteps })
      return undefined
  }
}
