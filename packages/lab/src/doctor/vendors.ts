// What is known of particular products: how to tell one by its issuer, and better words for the fix of a check. Data.

interface Vendor {
  readonly name: string
  readonly issuer: RegExp
  readonly fixes: Readonly<Record<string, string>>
}

const VENDORS: readonly Vendor[] = [
  {
    name: 'Okta',
    issuer: /^https:\/\/[^/]+\.(okta|oktapreview|okta-emea)\.com(\/|$)/,
    fixes: {
      M03: 'Use the org authorization server, https://YOUR-ORG.okta.com, and not /oauth2/default or another custom one.',
      X01: 'Send the exchange to /oauth2/v1/token of the org, not to /oauth2/default/v1/token.',
      C02: 'The kid must be the key under Directory ▸ AI agents ▸ the agent ▸ Client registration.',
      X06: 'Assign the person to both the agent and the resource app, and link the two.',
    },
  },
  {
    name: 'Auth0',
    issuer: /^https:\/\/[^/]+\.auth0\.com(\/|$)/,
    fixes: {
      M02: 'The issuer of Auth0 ends with a slash: https://YOUR-TENANT.auth0.com/.',
      R01: 'The issuer of Auth0 ends with a slash: https://YOUR-TENANT.auth0.com/.',
      R02: 'Give the enterprise connection the Cross App Access role, and allow Cross App Access on the application.',
    },
  },
  {
    name: 'Keycloak',
    issuer: /\/realms\/[^/]+\/?$/,
    fixes: {
      M03: 'Keycloak takes ID-JAGs but does not issue them; use it as the authorization server, and Crosswalk as the IdP.',
      R02: 'Start Keycloak with the feature identity-assertion-jwt, and enable the grant for the client.',
    },
  },
]

export function findVendor(issuer: string): Vendor | undefined {
  return VENDORS.find((vendor) => vendor.issuer.test(issuer))
}
