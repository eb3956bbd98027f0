// Entry point for programs that embed an IdP: `createIdp(definition, ports)`, or with a `snapshot` port if definitions
// change at run time. Only connects the parts.
import { createKeyMaintainer, refuseMissingPorts, writeRefusals } from '@crosswalk/as-core'

import { createIdp as createServer, type Idp } from './create-idp.ts'
import type { IdpConfig, IdpPorts } from './idp-ports.ts'
import { defineIdp, type IdpDefinition } from './define-idp.ts'

/**
 * The ports of `createIdp` if everything else is in the definition; `openPorts` of `@crosswalk/storage` returns them.
 */
export type IdpBasePorts = Omit<IdpPorts, 'snapshot' | 'users' | 'passwordHashes'>

export async function createIdp(config: IdpConfig, ports: IdpPorts): Promise<Idp>
/**
 * Creates the identity provider. It resolves after loading or creating the signing keys, which rotate while it is used.
 * Every path of its host belongs to the IdP. Without the port `onDecision`, it prints the reason of each refusal to
 * standard error, except in production.
 *
 * @throws InvalidDefinition with all problems
 * @throws TypeError if the ports are missing, or a promise
 * @throws Error if the master key cannot open the stored keys
 */
export async function createIdp(definition: IdpDefinition, ports: IdpBasePorts): Promise<Idp>
export async function createIdp(
  given: IdpConfig | IdpDefinition,
  ports: IdpPorts | IdpBasePorts,
): Promise<Idp> {
  refuseMissingPorts('createIdp', ports)
  if ('snapshot' in ports) return await createServer(given as IdpConfig, ports)
  const { config, ...defined } = defineIdp(given as IdpDefinition)
  const onDecision = ports.onDecision ?? writeRefusals('idp')
  const idp = await createServer(config, { ...ports, ...defined, onDecision })
  const tend = createKeyMaintainer(idp.signingKeys, ports)
  return {
    ...idp,
    fetch(request, ip) {
      tend()
      // Some frameworks pass a context object as the second argument.
      return idp.fetch(request, typeof ip === 'string' ? ip : undefined)
    },
  }
}
