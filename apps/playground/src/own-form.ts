// Parses the form for a user's own servers into settings, or reports problems field by field. Secrets are captured in
// closures and never shown again.
import { type ClientAuth, clientSecret, privateKeyJwt, publicClient } from '@crosswalk/client'
import type { Registration, Settings } from '@crosswalk/lab'
import { isIssuerIdentifier } from '@crosswalk/protocol'

/** Fields that may be shown again. */
const OWN_FIELDS = [
  'idp',
  'idp_client_id',
  'idp_token_endpoint',
  'as',
  'as_client_id',
  'as_token_endpoint',
  'resource',
  'scope',
  'call',
] as const
export type OwnField = (typeof OWN_FIELDS)[number]
/** Fields that are never shown again. */
export type SecretField = 'idp_secret' | 'idp_key' | 'as_secret' | 'as_key'

export type OwnValues = Readonly<Record<OwnField, string>>

export interface FieldProblem {
  readonly field: OwnField | SecretField
  readonly what: string
}

export function readValues(form: URLSearchParams): OwnValues {
  return Object.fromEntries(OWN_FIELDS.map((name) => [name, form.get(name)?.trim() ?? ''])) as OwnValues
}

export function parseOwn(
  form: URLSearchParams,
): { readonly settings: Settings } | { readonly problems: readonly FieldProblem[] } {
  const values = readValues(form)
  const auths = { idp: readAuth(form, 'idp'), as: readAuth(form, 'as') }
  const problems = [
    ...checkParty(values, 'idp'),
    ...checkParty(values, 'as'),
    ...checkTargets(values),
    ...Object.values(auths).flatMap((it) => ('what' in it ? [it] : [])),
  ]
  if (problems.length > 0 || 'what' in auths.idp || 'what' in auths.as) return { problems }
  const { resource, scope, call } = values
  const called = call === '' ? resource : call
  return {
    settings: {
      idp: toRegistration(values, 'idp', auths.idp),
      as: {
        ...toRegistration(values, 'as', auths.as),
        ...(form.has('as_send_scope') ? { sendScope: true } : {}),
      },
      resource: resource === '' ? undefined : resource,
      scope: scope === '' ? undefined : scope,
      // A resource identifier may be any URI, but only URLs can be called.
      call: mayBeSentToken(called) && !form.has('no_call') ? called : undefined,
    },
  }
}

function toRegistration(values: OwnValues, side: 'idp' | 'as', auth: ClientAuth): Registration {
  const tokenEndpoint = values[`${side}_token_endpoint`]
  return {
    issuer: values[side],
    clientId: values[`${side}_client_id`] || values.idp_client_id,
    auth,
    ...(tokenEndpoint === '' ? {} : { tokenEndpoint }),
  }
}

const NO_URL = 'Enter an https URL without query or fragment; http only works for this machine.'

/** The client id at the authorization server defaults to the one at the IdP. */
function checkParty(values: OwnValues, side: 'idp' | 'as'): readonly FieldProblem[] {
  const endpoint = values[`${side}_token_endpoint`]
  return [
    ...(isIssuerIdentifier(values[side]) ? [] : [{ field: side, what: NO_URL }]),
    ...(endpoint === '' || mayBeSentToken(endpoint)
      ? []
      : [{ field: `${side}_token_endpoint` as const, what: NO_URL }]),
    ...(side === 'as' || values.idp_client_id !== ''
      ? []
      : [
          {
            field: 'idp_client_id' as const,
            what: 'Enter the client id of the app at the identity provider.',
          },
        ]),
  ]
}

function checkTargets({ resource, call }: OwnValues): readonly FieldProblem[] {
  return [
    ...(resource === '' || URL.canParse(resource)
      ? []
      : [{ field: 'resource' as const, what: 'Enter the identifier of the resource, which is a URI.' }]),
    ...(call === '' || mayBeSentToken(call) ? [] : [{ field: 'call' as const, what: NO_URL }]),
  ]
}

/** Every receiver of tokens must meet the rules for issuers: https, or http on loopback. */
const mayBeSentToken = (url: string): boolean => isIssuerIdentifier(url.replace(/[?#].*$/s, ''))

function readAuth(form: URLSearchParams, side: 'idp' | 'as'): ClientAuth | FieldProblem {
  const secret = form.get(`${side}_secret`) ?? ''
  const key = form.get(`${side}_key`)?.trim() ?? ''
  if (secret !== '' && key !== '')
    return { field: `${side}_key`, what: 'Enter either the secret or the private key, not both.' }
  if (key === '') return secret === '' ? publicClient() : clientSecret(secret)
  try {
    return privateKeyJwt(key, {
      audience: form.get(`${side}_assertion_audience`) === 'token-endpoint' ? 'token-endpoint' : 'issuer',
    })
  } catch {
    return { field: `${side}_key`, what: 'Enter a private key as JWK or PKCS#8 PEM.' }
  }
}
