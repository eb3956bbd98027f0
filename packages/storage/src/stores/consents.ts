// Access that users granted to apps by consent. Rows expire, so that an app that is no longer used has to ask again.
import type { Consent, Consents } from '@crosswalk/resource-as'
import type { SignInStore } from '@crosswalk/idp'

const MODEL = 'ResourceConsent'
/** Counted from the last consent */
const REMEMBERED_SECONDS = 180 * 86_400

export function createConsents(records: Pick<SignInStore, 'find' | 'upsert'>): Consents {
  return {
    async find(server, accountId, clientId) {
      const found = await records.find(MODEL, nameConsent(server, accountId, clientId))
      return found?.['resources'] as Consent | undefined
    },
    async remember(server, accountId, clientId, resources) {
      const about = { server, accountId, clientId, resources }
      await records.upsert(MODEL, nameConsent(server, accountId, clientId), about, REMEMBERED_SECONDS)
    },
  }
}

function nameConsent(server: string, accountId: string, clientId: string): string {
  return JSON.stringify([server, accountId, clientId])
}
