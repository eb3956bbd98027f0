// The SAML issuers of a definition in the form the evaluator needs: the apps and recipients that each may assert users
// to.
import type { SamlTrust } from '@crosswalk/policy'
import type { SamlDefinition } from '@crosswalk/protocol'

/**
 * Without `recipient`, assertions must be addressed to the token endpoint.
 *
 * @returns undefined if there are no issuers
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
