// The SAML issuers of a definition as the evaluator sees them: who speaks for which apps, and where to.
import type { SamlTrust } from '@crosswalk/policy'
import type { SamlDefinition } from '@crosswalk/protocol'

/**
 * Without `recipient`, assertions must be made for the token endpoint.
 *
 * @returns undefined where no issuer is listed
 */
export function listSamlTrust(
  saml: SamlDefinition | undefined,
  baseUrl: string,
): readonly SamlTrust[] | undefined {
  if (saml === undefined || saml.issuers.length === 0) return undefined
  return saml.issuers.map(({ entityId, audiences, nameId, emailDomains, recipient }) => ({
    entityId,
    audiences,
    nameId,
    emailDomains,
    recipients: [recipient ?? `${baseUrl}/token`].flat(),
  }))
}
