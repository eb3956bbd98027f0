// Access that users granted to apps by consent. Rows expire, so that an app that is no longer used has to ask again.
import type { SignInStore } from '@crosswalk/idp'
import { DAY_SECONDS } from '@crosswalk/protocol'
import type { Consent, Consents } from '@crosswalk/resource-as'

export interface StoredConsents extends Consents {
  /** Of all users: another client of the same id starts without them */
  forgetClient(server: string, clientId: string): Promise<void>
}

const MODEL = 'ResourceConsent'
/** Counted from the last consent */
const REMEMBERED_SECONDS = 180 * DAY_SECONDS

export function createConsents(
  records: Pick<SignInStore, 'find' | 'upsert' | 'revokeByGrantId'>,
): StoredConsents {
  return {
    async find(server, accountId, clientId) {
      const found = await records.find(MODEL, nameConsent(server, accountId, clientId))
      return found?.['resources'] as Consent | undefined
    },
    async remember(server, accountId, clientId, resources) {
      const about = { server, accountId, clientId, resources, grantId: nameClient(server, clientId) }
      await records.upsert(MODEL, nameConsent(server, accountId, clientId), about, REMEMBERED_SECONDS)
    },
    async forgetClient(server, clientId) {
      await records.revokeByGrantId(MODEL, nameClient(server, clientId))
    },
  }
}

function nameClient(server: string, clientId: string): string {
  return JSON.stringify([server, clientId])
}

function nameConsent(server: string, accountId: string, clientId: string): string {
  return JSON.stringify([server, accountId, clientId])
}
