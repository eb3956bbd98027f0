// SAML issuers and identity providers whose assertions could never be accepted.
import { readSigningCertificate } from '@crosswalk/idp/definitions'
import type { SamlIssuerDefinition, UpstreamDefinition } from '@crosswalk/protocol'

import type { FileFinding } from '../finding.ts'
import type { Entry, View } from '../view.ts'
import { checkAudienceApps, type FileCheck } from './check.ts'

export const checkSaml: FileCheck = (view) => [
  ...view.samlIssuers.flatMap((entry) => [...checkCertificates(entry), ...checkAudiences(entry, view)]),
  ...view.upstreams.flatMap(checkCertificates),
]

function checkCertificates({
  path,
  value,
  broken,
}: Entry<SamlIssuerDefinition> | Entry<UpstreamDefinition>): readonly FileFinding[] {
  if (value === undefined || !('certificates' in value) || broken.has('certificates')) return []
  return value.certificates.flatMap((pem, index) => {
    const key = readSigningCertificate(pem)
    if (key.accepted) return []
    const fix = 'write the signing certificate in PEM: RSA with 2048 bits or more, or P-256, P-384 or P-521'
    return [{ path: [...path, 'certificates', index], what: `the certificate is ${key.refusal}`, fix }]
  })
}

function checkAudiences(
  { path, value, broken }: Entry<SamlIssuerDefinition>,
  view: View,
): readonly FileFinding[] {
  if (value === undefined || broken.has('audiences')) return []
  return checkAudienceApps(path, value.audiences, view)
}
