// Replaces the secret check of the provider library with ours, so that guesses at its endpoints count together with
// those at the token endpoint.
import { WIRE_DESCRIPTION } from '@crosswalk/protocol'

import { readClientAddress } from '../client-address.ts'
import type { SignInPorts } from '../contract.ts'
import { errors, Provider } from './oidc-provider.ts'

class SlowDown extends errors.CustomOIDCProviderError {
  override readonly status = 429
  override readonly statusCode = 429

  constructor() {
    super('slow_down', WIRE_DESCRIPTION.slow_down)
  }
}

export function countSecretGuesses(provider: Provider, ports: Pick<SignInPorts, 'verifySecret'>): void {
  provider.Client.prototype.compareClientSecret = function compare(secret) {
    const { ctx } = Provider
    const ip = ctx === undefined ? undefined : readClientAddress(ctx)
    const verdict = ports.verifySecret({ clientId: this.clientId, secret, ip })
    if (verdict.state !== 'delayed') return verdict.state === 'right'
    ctx?.set('retry-after', String(verdict.retryAfterSeconds))
    throw new SlowDown()
  }
}
