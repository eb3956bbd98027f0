// The configured providers of private keys. Each is loaded only if configured.
import type { KeyProvider, KeyProviders } from '@crosswalk/as-core'
import type { Configuration } from '@crosswalk/control'

import type { ProviderInUse } from '../http/readiness.ts'
import type { Roles } from '../roles.ts'
import { openAwsKmsProvider } from './aws-kms/aws-kms-provider.ts'
import { openPkcs11Provider } from './pkcs11/pkcs11-provider.ts'

export interface OpenedKeyProviders extends KeyProviders {
  close(): Promise<void>
}

/** @throws StartError if one is misconfigured; an unreachable provider may recover later */
export async function openKeyProviders({ keys }: Pick<Configuration, 'keys'>): Promise<OpenedKeyProviders> {
  const all: KeyProvider[] = []
  if (keys.awsKms !== undefined) all.push(await openAwsKmsProvider(keys.awsKms))
  if (keys.pkcs11 !== undefined) all.push(await openPkcs11Provider(keys.pkcs11))
  return {
    forNewKeys: all.find(({ name }) => name === keys.provider),
    all,
    async close() {
      await Promise.all(all.map((provider) => provider.close()))
    },
  }
}

/** For readiness: whether a current signing key can be used. */
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
