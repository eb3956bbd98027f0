// Issuers: no server may accept its own grants, and an audience must identify one server.
import { isIssuerIdentifier, type ResourceAppDefinition, SIGNING_ALGORITHMS } from '@crosswalk/protocol'

import { type FileFinding, type Path, valueAt } from '../finding.ts'
import type { Entry, ServerEntry, View } from '../view.ts'
import { nameOf, type FileCheck } from './check.ts'

export const checkIssuers: FileCheck = (view) => [
  ...view.resourceApps.flatMap((app) => [
    ...checkOwnIssuer(app, view),
    ...checkLastSlash([...app.path, 'issuer'], app.value?.issuer, view),
    ...checkOtherOrigin(app, view),
    ...checkAliases(app, view),
    ...checkSubject(app, view),
  ]),
  ...view.servers.flatMap((server) => [...checkServerIssuer(server, view), ...checkTrust(server, view)]),
]

/** An ID-JAG whose audience is its issuer could be redeemed at the server that issued it. */
function checkOwnIssuer({ value, path }: Entry<ResourceAppDefinition>, view: View): readonly FileFinding[] {
  if (value === undefined || view.idpIssuer === undefined) return []
  const own = view.idpIssuer
  const what = `${own} is the issuer of the IdP itself`
  const fix = "write the issuer of the resource's own authorization server"
  return [
    ...(value.issuer === own ? [{ path: [...path, 'issuer'], what, fix }] : []),
    ...value.aliases.flatMap((alias, index) =>
      alias === own ? [{ path: [...path, 'aliases', index], what, fix: 'remove the alias' }] : [],
    ),
  ]
}

/** Issuers are compared byte for byte, so a slash too many breaks every comparison. */
function checkLastSlash(path: Path, issuer: string | undefined, view: View): readonly FileFinding[] {
  const local = [view.idpIssuer, ...view.servers.map((server) => server.issuer)]
  const meant = local.find((it) => `${it}/` === issuer)
  if (meant === undefined || local.includes(issuer)) return []
  const what = `${issuer} and the issuer ${meant} differ by a slash at the end`
  return [{ path, severity: 'warning', what, fix: `did you mean \`${meant}\`?` }]
}

/** The base URL was changed, but not the issuers that repeat it: the authorization server of this file is never used. */
function checkOtherOrigin({ value, path }: Entry<ResourceAppDefinition>, view: View): readonly FileFinding[] {
  const pathname = findPathname(value?.issuer)
  if (pathname === undefined || view.servers.some(({ issuer }) => issuer === value?.issuer)) return []
  const isUsed = (issuer: string | undefined) => view.resourceApps.some((app) => app.value?.issuer === issuer)
  const meant = view.servers.find(({ issuer }) => findPathname(issuer) === pathname && !isUsed(issuer))
  if (meant?.issuer === undefined) return []
  const what = `${value?.issuer} is another server, and no resource app uses ${nameOf('authorization server', meant)}, whose issuer is ${meant.issuer}`
  return [{ path: [...path, 'issuer'], severity: 'warning', what, fix: `did you mean \`${meant.issuer}\`?` }]
}

/** @returns undefined if it has none */
function findPathname(issuer: string | undefined): string | undefined {
  if (issuer === undefined || !isIssuerIdentifier(issuer)) return undefined
  const { pathname } = new URL(issuer)
  return pathname === '/' ? undefined : pathname
}

function checkAliases(app: Entry<ResourceAppDefinition>, view: View): readonly FileFinding[] {
  const { value, path } = app
  if (value === undefined) return []
  return value.aliases.flatMap((alias, index) => {
    const other = view.resourceApps.find((it, position) => {
      if (it.value === undefined || it.value.issuer === value.issuer) return false
      // Report the later of two equal aliases.
      const earlier = position < view.resourceApps.indexOf(app)
      return it.value.issuer === alias || (earlier && it.value.aliases.includes(alias))
    })
    if (other === undefined) return []
    const what = `alias ${alias} is also a name of ${nameOf('resource app', other)}, which has another issuer`
    return [{ path: [...path, 'aliases', index], what, fix: 'remove the alias from one of the two' }]
  })
}

/** A server identifies users by `sub` alone, so one user's name could be another user's id. */
function checkSubject(app: Entry<ResourceAppDefinition>, view: View): readonly FileFinding[] {
  const { value, path } = app
  if (value === undefined || value.subject === 'pairwise') return []
  const other = view.resourceApps
    .slice(0, view.resourceApps.indexOf(app))
    .find(
      (it) =>
        it.value?.issuer === value.issuer &&
        it.value.tenant === value.tenant &&
        it.value.subject !== 'pairwise' &&
        it.value.subject !== value.subject,
    )
  if (other?.value === undefined) return []
  const what = `${nameOf('resource app', other)} behind the same issuer names users by ${other.value.subject}, so one name can mean two users`
  const fix = `write \`subject: ${other.value.subject}\` here as well`
  return [{ path: [...path, 'subject'], severity: 'warning', what, fix }]
}

function checkServerIssuer({ issuer, path, raw }: ServerEntry, view: View): readonly FileFinding[] {
  if (issuer === undefined || issuer !== view.idpIssuer) return []
  const what = `${issuer} is already the issuer of the IdP`
  return [
    {
      path: 'issuer' in raw ? [...path, 'issuer'] : path,
      what,
      fix: 'give the authorization server a separate issuer',
    },
  ]
}

function checkTrust(server: ServerEntry, view: View): readonly FileFinding[] {
  const none: FileFinding = {
    path: server.path,
    severity: 'warning',
    what: `${nameOf('authorization server', server)} trusts no issuer and refuses every ID-JAG`,
    fix: 'add the issuer of an identity provider to `trustedIssuers`',
  }
  return [
    ...(server.trustedIssuers.length === 0 && !server.broken.has('trustedIssuers') ? [none] : []),
    ...server.trustedIssuers.flatMap((entry) => [
      ...checkTrustedIssuer(entry, server.issuer === view.idpIssuer ? undefined : server.issuer),
      ...checkLastSlash([...entry.path, 'issuer'], entry.value?.issuer, view),
      ...checkOwnAlgorithm(entry, view),
    ]),
  ]
}

/** The IdP of this file must not use an algorithm that this server rejects. */
function checkOwnAlgorithm(
  { value, path, broken }: ServerEntry['trustedIssuers'][number],
  view: View,
): readonly FileFinding[] {
  if (value?.issuer !== view.idpIssuer || broken.has('algorithms')) return []
  const written = valueAt(view.raw, ['idp', 'signing', 'idJag'])
  const algorithm = SIGNING_ALGORITHMS.find((it) => it === (written ?? 'ES256'))
  const listed: readonly string[] = value?.algorithms ?? []
  if (algorithm === undefined || listed.includes(algorithm)) return []
  const what = `the IdP signs ID-JAGs with ${algorithm}, which is not among the algorithms accepted from it`
  return [{ path: [...path, 'algorithms'], what, fix: `add ${algorithm}, or change idp.signing.idJag` }]
}

function checkTrustedIssuer(
  { value, path, broken }: ServerEntry['trustedIssuers'][number],
  ownIssuer: string | undefined,
): readonly FileFinding[] {
  if (value === undefined) return []
  const findings: FileFinding[] = []
  if (value.issuer === ownIssuer) {
    const what = 'the authorization server would trust itself'
    findings.push({ path: [...path, 'issuer'], what, fix: "write the identity provider's issuer" })
  }
  if (value.subject.includes('email') && value.emailDomains.length === 0 && !broken.has('emailDomains')) {
    const what = '`email` in `subject` matches no user, because no domain is listed'
    const fix = 'list the domains this issuer may speak for in `emailDomains`'
    findings.push({ path: [...path, 'subject'], what, fix })
  }
  if (value.subject.includes('sub_id') && value.samlEntityId === undefined && !broken.has('samlEntityId')) {
    const what = '`sub_id` in `subject` matches no user, because this issuer has no SAML entity id'
    const fix = 'add `samlEntityId:` the entity id that it writes into `sub_id`'
    findings.push({ path: [...path, 'subject'], severity: 'warning', what, fix })
  }
  return findings
}
