// The key providers that readiness checks: whether a current signing key can be used.
import type { KeyProviders } from '@crosswalk/as-core'

import type { ProviderInUse } from '../http/readiness.ts'
import type { Roles } from '../roles.ts'

export function listProvidersInUse(
  { all }: KeyProviders,
  roles: Pick<Roles, 'signingKeys'>,
): readonly ProviderInUse[] {
  const inUse = () =>
    roles.signingKeys().flatMap((keys) => keys.list().filter(({ state }) => state === 'current'))
  return all.map((provider) => ({
    name: provider.name,
    findTrouble: (uri) => provider.findTrouble(uri),
    keyInUse: () =>
      inUse().find(({ privateKeyUri }) => privateKeyUri?.startsWith(provider.uriPrefix))?.privateKeyUri,
  }))
}
