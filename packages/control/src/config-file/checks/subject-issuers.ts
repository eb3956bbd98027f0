// Other identity providers whose ID tokens are subject tokens: entries that could accept no token, or that would accept
// users of strangers.
import type { SubjectIssuerDefinition } from '@crosswalk/protocol'

import type { FileFinding } from '../finding.ts'
import type { Entry, View } from '../view.ts'
import { checkAudienceApps, checkKeySource, type FileCheck } from './check.ts'

export const checkSubjectIssuers: FileCheck = (view) =>
  view.subjectIssuers.flatMap((entry) => [
    ...checkIssuer(entry, view),
    ...checkAudiences(entry, view),
    ...(entry.value === undefined
      ? []
      : [...checkKeySource(entry.path, entry.value, KEYS_FIX), ...checkLinks(entry, entry.value)]),
  ])

const KEYS_FIX = 'add the public keys, or remove `jwks`: the metadata of the issuer has their location'

type Item = Entry<SubjectIssuerDefinition>

function checkIssuer({ path, raw }: Item, { idpIssuer }: View): readonly FileFinding[] {
  if (idpIssuer === undefined || raw['issuer'] !== idpIssuer) return []
  const what = `${idpIssuer} is this IdP, whose own ID tokens are always accepted`
  return [{ path: [...path, 'issuer'], what, fix: 'remove the entry' }]
}

function checkAudiences({ path, value, broken }: Item, view: View): readonly FileFinding[] {
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

function checkLinks({ path, broken }: Item, value: SubjectIssuerDefinition): readonly FileFinding[] {
  const findings: FileFinding[] = []
  if (value.link.length === 0 && value.provisioning === 'none' && !broken.has('link'))
    findings.push({
      path,
      severity: 'warning',
      what: 'no user can be found: `link` is empty, and users are not created',
      fix: 'write `link: [username]`, `[email]` or `[attribute:NAME]`, or `provisioning: jit`',
    })
  if (value.link.includes('email') && value.emailDomains.length === 0 && !broken.has('emailDomains'))
    findings.push({
      path: [...path, 'link'],
      what: '`email` in `link` matches no user, because no domain is listed',
      fix: 'list the domains this issuer may speak for in `emailDomains`',
    })
  const shared = SHARED_ISSUERS.get(value.issuer)
  if (shared !== undefined && !shared.some((name) => Object.hasOwn(value.requireClaims, name)))
    findings.push({
      path: [...path, 'issuer'],
      ...(value.provisioning === 'jit' ? {} : { severity: 'warning' as const }),
      what: `${value.issuer} signs in users of every company`,
      fix: `write \`requireClaims: { ${shared[0] ?? ''}: YOUR_DOMAIN }\`, so that only your users are accepted`,
    })
  return findings
}

/** Issuers shared by many companies, with the claim that identifies the company. */
const SHARED_ISSUERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['https://accounts.google.com', ['hd']],
])
