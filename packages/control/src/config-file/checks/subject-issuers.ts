// Other identity providers whose ID tokens are subject tokens: entries of which no token could ever be taken, of which it
// would be unclear whose rules count, or that would take the users of strangers.
import type { SubjectIssuerDefinition } from '@crosswalk/protocol'

import type { Finding } from '../finding.ts'
import type { Entry, View } from '../view.ts'
import { checkAudienceApps, textOf, type Check } from './check.ts'

export const checkSubjectIssuers: Check = (view) =>
  view.subjectIssuers.flatMap((entry, index) => [
    ...checkIssuer(entry, view, index),
    ...checkAudiences(entry, view),
    ...(entry.value === undefined
      ? []
      : [...checkKeys(entry, entry.value), ...checkLinks(entry, entry.value)]),
  ])

type Item = Entry<SubjectIssuerDefinition>

function checkIssuer(entry: Item, { subjectIssuers, idpIssuer, describePlace }: View, index: number) {
  const issuer = textOf(entry, 'issuer')
  const path = [...entry.path, 'issuer']
  const other = subjectIssuers.slice(0, index).find((it) => textOf(it, 'issuer') === issuer)
  const findings: Finding[] = []
  if (issuer === undefined) return findings
  if (other !== undefined) {
    const what = `the subject issuer ${issuer} is taken already ${describePlace([...other.path, 'issuer'])}`
    findings.push({ path, what, fix: 'list it once, with all its audiences' })
  }
  if (issuer === idpIssuer) {
    const what = `${issuer} is this IdP, whose own ID tokens are always taken`
    findings.push({ path, what, fix: 'remove the entry' })
  }
  return findings
}

function checkAudiences({ path, value, broken }: Item, view: View): readonly Finding[] {
  if (value === undefined || broken.has('audiences')) return []
  if (Object.keys(value.audiences).length === 0)
    return [
      {
        path: [...path, 'audiences'],
        severity: 'warning',
        what: 'no audience is mapped to an app, so every ID token is refused',
        fix: "write the app's client_id at this issuer and the id of the app: `audiences: { CLIENT_ID: APP }`",
      },
    ]
  return checkAudienceApps(path, value.audiences, view)
}

function checkKeys({ path }: Item, { jwks, jwksUri }: SubjectIssuerDefinition): readonly Finding[] {
  if (jwks !== undefined && jwksUri !== undefined)
    return [
      {
        path: [...path, 'jwksUri'],
        at: 'key',
        what: 'both jwks and jwksUri are given',
        fix: 'keep one of the two',
      },
    ]
  return jwks?.keys.length === 0
    ? [
        {
          path: [...path, 'jwks'],
          at: 'key',
          what: 'there is no key in `jwks`, so every signature is refused',
          fix: 'add the public keys, or remove `jwks`: the metadata of the issuer tells where they are',
        },
      ]
    : []
}

function checkLinks({ path, broken }: Item, value: SubjectIssuerDefinition): readonly Finding[] {
  const findings: Finding[] = []
  if (value.link.length === 0 && value.provisioning === 'none' && !broken.has('link'))
    findings.push({
      path,
      severity: 'warning',
      what: 'no user is ever found: `link` is empty, and users are not created',
      fix: 'write `link: [username]`, `[email]` or `[attribute:NAME]`, or `provisioning: jit`',
    })
  if (value.link.includes('email') && value.emailDomains.length === 0 && !broken.has('emailDomains'))
    findings.push({
      path: [...path, 'link'],
      what: '`email` in `link` matches no user, since no domain is listed',
      fix: 'list the domains this issuer may speak for in `emailDomains`',
    })
  const shared = SHARED_ISSUERS.get(value.issuer)
  if (shared !== undefined && !shared.some((name) => Object.hasOwn(value.requireClaims, name)))
    findings.push({
      path: [...path, 'issuer'],
      ...(value.provisioning === 'jit' ? {} : { severity: 'warning' as const }),
      what: `${value.issuer} signs in users of every company`,
      fix: `write \`requireClaims: { ${shared[0] ?? ''}: YOUR_DOMAIN }\`, so that only yours are taken`,
    })
  return findings
}

/** Issuers that many companies share, with the claim that tells them apart. */
const SHARED_ISSUERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['https://accounts.google.com', ['hd']],
])
