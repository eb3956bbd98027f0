// Trust settings that can never work: no key to verify with, no account to find, a tenant that is never sent.
import type { FileFinding } from '../finding.ts'
import type { ServerEntry, View } from '../view.ts'
import { type FileCheck, checkKeySource, nameOf } from './check.ts'

export const checkTrustWorks: FileCheck = (view) => [
  ...[...view.apps, ...view.servers.flatMap(({ clients }) => clients)].flatMap(({ path, value }) =>
    checkKeySource([...path, 'auth'], value?.auth ?? {}),
  ),
  ...view.servers.flatMap((server) => [
    ...server.trustedIssuers.flatMap(({ path, value }) => checkKeySource(path, value ?? {})),
    ...checkAccounts(server),
    ...checkOwnIds(server),
  ]),
  ...view.resourceApps.flatMap((app) => checkTenant(app, view)),
]

/** `jit` creates accounts; `none` only looks them up. */
function checkAccounts(server: ServerEntry): readonly FileFinding[] {
  const trusted = server.trustedIssuers.flatMap(({ value }) => value ?? [])
  const first = server.trustedIssuers.find(({ value }) => value?.provisioning === 'none')
  const isBroken = server.trustedIssuers.some(({ broken }) => broken.has('provisioning'))
  if (first === undefined || isBroken || trusted.some(({ provisioning }) => provisioning !== 'none'))
    return []
  return [
    {
      path: 'provisioning' in first.raw ? [...first.path, 'provisioning'] : first.path,
      severity: 'warning',
      what: `no issuer that ${nameOf('authorization server', server)} trusts creates accounts, so only existing accounts are found`,
      fix: 'write `provisioning: jit` to create unknown users, or `external` to identify users only by issuer and subject',
    },
  ]
}

/**
 * `aud_sub` is an identifier of the resource and does not name the issuer, so each issuer could name the users of
 * another.
 */
function checkOwnIds(server: ServerEntry): readonly FileFinding[] {
  if (server.value?.audTenant !== undefined) return []
  const [, ...others] = server.trustedIssuers.filter(
    ({ value }) => value?.active === true && value.subject.includes('aud_sub'),
  )
  return others.map(({ path, value }) => ({
    path: [...path, 'subject'],
    severity: 'warning',
    what: `${value?.issuer ?? ''} finds users by \`aud_sub\`, as another issuer of ${nameOf('authorization server', server)} does, so each can name users of the other`,
    fix: 'keep `aud_sub` at one issuer, or run an authorization server for each company, with its `audTenant`',
  }))
}

/** Both sides are in this file: the tenant that the IdP sends must be the one that the server expects. */
function checkTenant(
  app: View['resourceApps'][number],
  { servers, idpIssuer }: View,
): readonly FileFinding[] {
  const { path, raw, value } = app
  const server = servers.find(({ issuer }) => issuer !== undefined && issuer === value?.issuer)
  const expected = (server?.trustedIssuers ?? [])
    .flatMap((entry) => entry.value ?? [])
    .filter(({ issuer }) => issuer === idpIssuer)
    .map(({ tenant }) => tenant)
  if (value === undefined || expected.length === 0) return []
  if (expected.some((tenant) => tenant === undefined || tenant === value.tenant)) return []
  const sent = value.tenant === undefined ? 'no tenant' : `tenant ${value.tenant}`
  const wanted = expected.join(' or ')
  return [
    {
      path: 'tenant' in raw ? [...path, 'tenant'] : path,
      severity: 'warning',
      what: `the IdP sends ${sent} for ${nameOf('resource app', app)}, but its authorization server expects ${wanted}`,
      fix: `write \`tenant: ${expected[0] ?? ''}\` here, or change \`tenant\` of the trusted issuer`,
    },
  ]
}
