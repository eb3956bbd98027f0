// Validates the options at construction, so that a misconfigured app does not start. Reports all problems together.
import { findUnknownMembers, isIssuerIdentifier, isObject } from '@crosswalk/protocol'

import type { XaaOptions } from './options.ts'
import { isSecureUrl } from './server-url.ts'
import { InvalidOptions } from './xaa-error.ts'

const KNOWN = {
  options: [
    'idp',
    'client',
    'resources',
    'dpop',
    'clockSkewSeconds',
    'timeoutMs',
    'maxSessions',
    'onLeg',
    'fetch',
    'nowMs',
    'sleepMs',
  ],
  idp: ['issuer', 'tokenEndpoint'],
  client: ['id', 'auth'],
  registration: ['clientId', 'auth', 'tokenEndpoint', 'sendScope', 'reusesIdJag'],
} as const

/** @throws InvalidOptions that lists every unknown key, missing part and invalid value */
export function checkOptions(options: XaaOptions): void {
  if (!isObject(options)) throw new InvalidOptions(['options: not an object'])
  const problems = [
    ...findUnknownMembers(options, KNOWN.options),
    ...findIdpProblems(options.idp),
    ...findClientProblems(options.client),
    ...findRegistrationProblems(options.resources),
    ...findValueProblems(options),
  ]
  if (problems.length > 0) throw new InvalidOptions(problems)
}

function findIdpProblems(idp: unknown): readonly string[] {
  if (typeof idp === 'string') return findIssuerProblems(idp, 'idp')
  if (!isObject(idp)) return ['idp: the issuer of the identity provider is missing']
  return [
    ...findUnknownMembers(idp, KNOWN.idp, 'idp.'),
    ...findIssuerProblems(idp.issuer, 'idp.issuer'),
    ...findEndpointProblems(idp.tokenEndpoint, 'idp.tokenEndpoint'),
  ]
}

function findIssuerProblems(issuer: unknown, path: string): readonly string[] {
  return typeof issuer === 'string' && isIssuerIdentifier(issuer)
    ? []
    : [`${path}: must be an https URL without query and fragment (http for loopback hosts only)`]
}

function findEndpointProblems(url: unknown, path: string): readonly string[] {
  return url === undefined || (typeof url === 'string' && isSecureUrl(url))
    ? []
    : [`${path}: must be an https URL (http for loopback hosts only)`]
}

function findClientProblems(client: unknown): readonly string[] {
  if (!isObject(client)) return ['client: missing; { id, auth } as registered at the identity provider']
  return [
    ...findUnknownMembers(client, KNOWN.client, 'client.'),
    ...(isFilled(client.id) ? [] : ['client.id: missing']),
    ...findAuthProblems(client.auth, 'client.auth'),
  ]
}

function findRegistrationProblems(resources: unknown): readonly string[] {
  if (resources === undefined) return []
  if (!isObject(resources)) return ['resources: must be an object of { clientId, auth } by issuer']
  return Object.entries(resources).flatMap(([issuer, registration]) => {
    const path = `resources[${JSON.stringify(issuer)}]`
    if (!isObject(registration)) return [`${path}: must be { clientId, auth }`]
    const flags = (['sendScope', 'reusesIdJag'] as const).filter(
      (name) => registration[name] !== undefined && typeof registration[name] !== 'boolean',
    )
    return [
      ...findIssuerProblems(issuer, path),
      ...findUnknownMembers(registration, KNOWN.registration, `${path}.`),
      ...(isFilled(registration.clientId) ? [] : [`${path}.clientId: missing`]),
      ...findAuthProblems(registration.auth, `${path}.auth`),
      ...findEndpointProblems(registration.tokenEndpoint, `${path}.tokenEndpoint`),
      ...flags.map((name) => `${path}.${name}: must be true or false`),
    ]
  })
}

function findAuthProblems(auth: unknown, path: string): readonly string[] {
  return isObject(auth) && typeof auth.build === 'function'
    ? []
    : [`${path}: missing; clientSecret(…), clientSecretPost(…), privateKeyJwt(…) or publicClient()`]
}

function findValueProblems(options: XaaOptions): readonly string[] {
  const ranges = [
    ['clockSkewSeconds', 0, 300],
    ['timeoutMs', 1, 120_000],
    ['maxSessions', 1, 1_000_000],
  ] as const
  const outside = ranges.flatMap(([name, minimum, maximum]) => {
    const value: unknown = options[name]
    const fits = typeof value === 'number' && value >= minimum && value <= maximum
    return value === undefined || fits ? [] : [`${name}: must be ${minimum} to ${maximum}`]
  })
  const functions = (['onLeg', 'fetch', 'nowMs', 'sleepMs'] as const).filter(
    (name) => options[name] !== undefined && typeof options[name] !== 'function',
  )
  return [
    ...outside,
    ...functions.map((name) => `${name}: must be a function`),
    ...(options.dpop === undefined || typeof options.dpop === 'boolean'
      ? []
      : ['dpop: must be true or false']),
  ]
}

function isFilled(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}
