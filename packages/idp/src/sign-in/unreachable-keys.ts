// What the endpoints of the provider library answer where the keys of a client cannot be had. To the library such a client
// did not authenticate; to every other endpoint of ours that is a temporary failure, and so it is here.
import { DECISION_CODES, RETRY_AFTER_SECONDS, WIRE_DESCRIPTION } from '@crosswalk/protocol'
import { errors, type KoaContextWithOIDC, type Provider } from 'oidc-provider'

const { http, error } = DECISION_CODES.XAA1106

/** The library tells of an error once it has put its own answer together. */
export function logUnreachableKeys(provider: Provider): void {
  provider.on('grant.error', correct)
  provider.on('introspection.error', correct)
  provider.on('pushed_authorization_request.error', correct)
  provider.on('revocation.error', correct)
}

function correct(ctx: KoaContextWithOIDC, { cause }: Error): void {
  // Of a registered client's metadata the library looks at the keys alone this late.
  if (!(cause instanceof errors.InvalidClientMetadata)) return
  ctx.status = http
  ctx.set('retry-after', String(RETRY_AFTER_SECONDS))
  ctx.body = { error, error_description: WIRE_DESCRIPTION[error] }
}
