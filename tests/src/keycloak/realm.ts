// What an administrator sets up at Keycloak for the how-to "Keycloak as the authorization server", and for users who sign in there.
import { PASSWORD, REDIRECT_URI } from '../support/company.ts'
import type { Keycloak } from './keycloak.ts'

export const FILES = 'https://files.example/api'
export const SCOPES = ['files.read', 'files.write']
/** The agent at Keycloak as the authorization server of the resource */
export const AGENT_AT_FILES = { id: 'agent0-at-files', secret: 'agent0 secret at the files' }
/** The agent at Keycloak as the identity provider */
export const AGENT_AT_CORP = { id: 'agent0-at-corp', secret: 'agent0 secret at the company' }
/** Our IdP at Keycloak as the identity provider */
export const CROSSWALK_AT_CORP = { id: 'crosswalk', secret: 'crosswalk secret at the company' }

const ALIAS = 'crosswalk'
const takesIdJags = {
  'oauth2.jwt.authorization.grant.enabled': 'true',
  'oauth2.jwt.authorization.grant.idp': ALIAS,
}

/** @param baseUrl - of our IdP */
export async function setUpRealm({ admin }: Keycloak, baseUrl: string): Promise<void> {
  await admin('POST', '/partialImport', {
    ifResourceExists: 'FAIL',
    identityProviders: [trustedIssuer(baseUrl)],
    clients: [
      {
        clientId: AGENT_AT_FILES.id,
        secret: AGENT_AT_FILES.secret,
        standardFlowEnabled: false,
        serviceAccountsEnabled: true,
        attributes: { ...takesIdJags, 'access.token.header.type.rfc9068': 'true' },
      },
      {
        clientId: AGENT_AT_CORP.id,
        secret: AGENT_AT_CORP.secret,
        redirectUris: [REDIRECT_URI],
        attributes: {
          ...takesIdJags,
          'backchannel.logout.url': `${baseUrl}/upstream/logout`,
          'backchannel.logout.session.required': 'true',
        },
      },
      {
        clientId: CROSSWALK_AT_CORP.id,
        secret: CROSSWALK_AT_CORP.secret,
        redirectUris: [`${baseUrl}/sign-in/upstream/keycloak`],
      },
      samlClient(`${baseUrl}/sign-in/upstream/keycloak-saml`),
    ],
    users: [user('alice', 'usr_alice'), { ...user('carol', 'usr_carol'), enabled: false }],
  })
  await addScopes(admin)
  await boundScopes(admin)
}

/** Our IdP, whose ID-JAGs Keycloak redeems */
function trustedIssuer(baseUrl: string): object {
  return {
    alias: ALIAS,
    providerId: 'oidc',
    enabled: true,
    config: {
      issuer: baseUrl,
      authorizationUrl: `${baseUrl}/authorize`,
      tokenUrl: `${baseUrl}/token`,
      jwksUrl: `${baseUrl}/jwks`,
      useJwksUrl: 'true',
      validateSignature: 'true',
      // Required, and only used for signing in here.
      clientId: 'keycloak',
      clientSecret: 'unused',
      jwtAuthorizationGrantEnabled: 'true',
    },
  }
}

function samlClient(acsUrl: string): object {
  return {
    clientId: `${acsUrl}/metadata`,
    protocol: 'saml',
    redirectUris: [acsUrl],
    attributes: {
      'saml.client.signature': 'false',
      'saml.assertion.signature': 'true',
      'saml.authnstatement': 'true',
      'saml.signature.algorithm': 'RSA_SHA256',
      'saml.force.post.binding': 'true',
      saml_name_id_format: 'username',
    },
  }
}

/** @param subject - `sub` of the ID-JAGs for this user */
function user(username: string, subject: string): object {
  return {
    username,
    email: `${username}@acme.test`,
    emailVerified: true,
    firstName: username,
    lastName: 'Acme',
    enabled: true,
    credentials: [{ type: 'password', value: PASSWORD }],
    federatedIdentities: [{ identityProvider: ALIAS, userId: subject, userName: username }],
  }
}

/** Each scope adds what our SDK requires of an access token: the API as audience, and the client. */
async function addScopes(admin: Keycloak['admin']): Promise<void> {
  const protocol = 'openid-connect'
  const clients = (await admin('GET', `/clients?clientId=${AGENT_AT_FILES.id}`)) as readonly { id: string }[]
  for (const name of SCOPES) {
    await admin('POST', '/client-scopes', {
      name,
      protocol,
      attributes: { 'include.in.token.scope': 'true' },
      protocolMappers: [
        {
          name: 'audience',
          protocol,
          protocolMapper: 'oidc-audience-mapper',
          config: { 'included.custom.audience': FILES, 'access.token.claim': 'true' },
        },
        {
          name: 'client',
          protocol,
          protocolMapper: 'oidc-hardcoded-claim-mapper',
          config: {
            'claim.name': 'client_id',
            'claim.value': AGENT_AT_FILES.id,
            'access.token.claim': 'true',
          },
        },
      ],
    })
  }
  for (const scope of (await admin('GET', '/client-scopes')) as readonly { id: string; name: string }[]) {
    if (SCOPES.includes(scope.name))
      await admin('PUT', `/clients/${clients[0]?.id ?? ''}/optional-client-scopes/${scope.id}`)
  }
}

/** Without this, Keycloak grants every scope that the client may request, whatever the ID-JAG says. */
async function boundScopes(admin: Keycloak['admin']): Promise<void> {
  await admin('PUT', '/client-policies/profiles', {
    profiles: [
      {
        name: 'id-jag',
        executors: [{ executor: 'downscope-assertion-grant-enforcer', configuration: {} }],
      },
    ],
  })
  await admin('PUT', '/client-policies/policies', {
    policies: [
      {
        name: 'id-jag',
        enabled: true,
        conditions: [
          { condition: 'identity-provider-alias', configuration: { identity_provider_aliases: [ALIAS] } },
        ],
        profiles: ['id-jag'],
      },
    ],
  })
}
