// The response of the provider library's endpoints if the keys or the metadata document of a client are unreachable.
// The library treats this as failed authentication; at all our endpoints it is a temporary failure.
import { DECISION_CODES, RETRY_AFTER_SECONDS, WIRE_DESCRIPTION } from '@crosswalk/protocol'
import type { KoaContextWithOIDC, Provider } from 'oidc-provider'
import { errors } from './oidc-provider.ts'

const { http, error } = DECISION_CODES.XAA1106

/** @returns the error for a client whose metadata document cannot be read now */
export function buildUnreachable(): Error {
  const unreachable = new errors.TemporarilyUnavailable(WIRE_DESCRIPTION[error])
  return Object.assign(unreachable, { status: http, statusCode: http })
}

/** The library emits an error after it has prepared its own response. */
export function answerForUnreachable(provider: Provider): void {
  provider.on('grant.error', correct)
  provider.on('introspection.error', correct)
  provider.on('pushed_authorization_request.error', correct)
  provider.on('revocation.error', correct)
}

function correct(ctx: KoaContextWithOIDC, fault: Error): void {
  // At this stage the library only checks the keys of a registered client's metadata.
  const isUnreachable =
    fault instanceof errors.TemporarilyUnavailable || fault.cause instanceof errors.InvalidClientMetadata
  if (!isUnreachable) return
  ctx.status = http
  ctx.set('retry-after', String(RETRY_AFTER_SECONDS))
  ctx.body = { error, error_description: WIRE_DESCRIPTION[error] }
}
