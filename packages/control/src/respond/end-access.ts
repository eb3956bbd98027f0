// Ends the access that depended on an object as it was before a change, wherever it is defined: over the API, in a document
// or in the configuration file. Lost assignments and revoked connections are judged separately.
import type { AdminContext } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import type { ObservedChange } from '../security-events/signals-of-change.ts'
import type { VaultPart } from '../vault/vault.ts'
import type { RevokerPart } from './access-revoker.ts'
import { endUserAccess } from './end-user-access.ts'
import { revokeLostTrust } from './revoke-lost-trust.ts'

export async function endAccess(
  parts: Parts<'storage' | 'directory' | 'clock'> & RevokerPart & VaultPart,
  context: AdminContext,
  { collection, before, after, password }: Omit<ObservedChange, 'at'>,
): Promise<void> {
  if (before === undefined) return
  switch (collection) {
    case 'authorization-servers':
      return revokeLostTrust(parts, context, { before, after } as Parameters<typeof revokeLostTrust>[2])
    case 'resource-apps':
      if (after === undefined) await parts.vault.revoke(context, { resourceApp: before.id })
      return
    case 'users':
      return endUserAccess(parts, context, { before, after, password } as Parameters<typeof endUserAccess>[2])
    default:
  }
}
