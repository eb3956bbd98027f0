// The realm of Keycloak: users and the apps they sign in to, and what the how-to "Use Keycloak as the authorization server" sets up.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { readSnippets } from '../packages/snippets.ts'
import { PASSWORD, REDIRECT_URI } from '../support/company.ts'
import type { Keycloak } from './keycloak.ts'

export const GUIDE = new URL('../../../docs/how-to/keycloak-as-authorization-server.md', import.meta.url)

/** The API, its scopes and the agent of the how-to */
export const FILES = 'https://files.example/api'
export const SCOPES = ['files.read', 'files.write']
export const AGENT_AT_FILES = { id: 'agent0-at-files', secret: 'a-secret-of-agent0-at-files' }

/** The agent, and our IdP, at Keycloak as the identity provider */
export const AGENT_AT_CORP = { id: 'agent0-at-corp', secret: 'agent0 secret at the company' }
export const CROSSWALK_AT_CORP = { id: 'crosswalk', secret: 'crosswalk secret at the company' }

/** @param baseUrl - of our IdP */
export async function setUpRealm(keycloak: Keycloak, baseUrl: string): Promise<void> {
  await keycloak.admin('POST', '/partialImport', {
    ifResourceExists: 'FAIL',
    users: [buildUser('alice'), { ...buildUser('carol'), enabled: false }],
    clients: [
      {
        clientId: CROSSWALK_AT_CORP.id,
        secret: CROSSWALK_AT_CORP.secret,
        redirectUris: [`${baseUrl}/sign-in/upstream/keycloak`],
      },
      buildSamlClient(`${baseUrl}/sign-in/upstream/keycloak-saml`),
      {
        clientId: AGENT_AT_CORP.id,
        secret: AGENT_AT_CORP.secret,
        redirectUris: [REDIRECT_URI],
        attributes: {
          'backchannel.logout.url': `${baseUrl}/upstream/logout`,
          'backchannel.logout.session.required': 'true',
          // May redeem ID-JAGs too, but not those of the agent at the files.
          'oauth2.jwt.authorization.grant.enabled': 'true',
          'oauth2.jwt.authorization.grant.idp': 'crosswalk',
        },
      },
    ],
  })
  await followGuide(keycloak, baseUrl)
  await link(keycloak, 'carol')
}

function buildUser(username: string): object {
  return {
    username,
    email: `${username}@acme.test`,
    emailVerified: true,
    firstName: username,
    lastName: 'Acme',
    enabled: true,
    credentials: [{ type: 'password', value: PASSWORD }],
  }
}

function buildSamlClient(acsUrl: string): object {
  return {
    clientId: `${acsUrl}/metadata`,
    protocol: 'saml',
    redirectUris: [acsUrl],
    attributes: {
      'saml.authnstatement': 'true',
      'saml.client.signature': 'false',
      'saml.assertion.signature': 'true',
      'saml.signature.algorithm': 'RSA_SHA256',
      'saml.force.post.binding': 'true',
      saml_name_id_format: 'username',
    },
  }
}

/** Runs the commands of the page, with the addresses of the test. */
async function followGuide({ programs, environment, origin }: Keycloak, baseUrl: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'crosswalk-keycloak-'))
  const fill = (text: string) =>
    text.replaceAll('https://login.files.example', origin).replaceAll('https://idp.acme.example', baseUrl)
  const blocks = readSnippets(GUIDE)
  for (const { info, code } of blocks.filter((block) => block.language === 'json'))
    writeFileSync(join(folder, info), fill(code))
  const commands = blocks.filter(({ info }) => info === 'setup').map(({ code }) => fill(code))
  try {
    await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', commands.join('\n')], {
      cwd: folder,
      env: { ...environment, HOME: folder, PATH: `${programs}:${process.env['PATH'] ?? ''}` },
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function link({ admin }: Keycloak, username: string): Promise<void> {
  const [user] = (await admin('GET', `/users?username=${username}`)) as readonly { id: string }[]
  await admin('POST', `/users/${user?.id ?? ''}/federated-identity/crosswalk`, {
    userId: `usr_${username}`,
    userName: username,
  })
}
