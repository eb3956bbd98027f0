// Creates the identity provider of the configuration on the ports of this process.
import type { StoredKey } from '@crosswalk/as-core'
import {
  type Configuration,
  CONSOLE_PATH,
  createEventStreams,
  createIssuedTokens,
  createRevokeSession,
  findRole,
  PROOF_PATH,
  revokeAccessOf,
  signalsOfSessionEnd,
} from '@crosswalk/control'
import {
  type AdminConsole,
  createIdp,
  hashPassword,
  type Idp,
  type IdpConfig,
  type IdpPorts,
  sealTotpSecret,
} from '@crosswalk/idp'
import { listIdTokenAlgorithms } from '@crosswalk/protocol'

import { preparePasswords, prepareTotpSecrets } from './file-users.ts'
import { type CreatedIdpRole, requireSnapshot, type SharedParts, SIGNING_ALGORITHM } from './role-parts.ts'
import { connectUpstreams } from './upstream/connect-upstreams.ts'

type IdpDefinition = NonNullable<Configuration['idp']>

export async function createIdpRole(definition: IdpDefinition, shared: SharedParts): Promise<CreatedIdpRole> {
  const { configuration, storage, directory, receivedRevocations, signals, ports } = shared
  const { issuer } = definition
  const { clock } = ports
  const users = () => directory.current().users
  await sealSecretsOfFile(definition, shared)
  const upstreams = connectUpstreams({ ...shared, clock })
  const revokeSession = createRevokeSession({ directory, storage, receivedRevocations, clock, issuer })
  const idp = await createIdp(buildConfig(definition, shared), {
    ...ports,
    snapshot: () => requireSnapshot(directory.current().exchange, 'the IdP'),
    users: {
      findById: (id) => users().findById(id),
      findByLogin: (login) => users().findByLogin(login),
      findByAttribute: (name, value) => users().findByAttribute(name, value),
      findByValue: (source, text) => users().findByValue(source, text),
    },
    passwordHashes: storage.passwordHashes,
    secondFactors: storage.secondFactors,
    failedSignIns: storage.failedSignIns,
    signInStore: storage.signIn,
    upstreams,
    issuedTokens: createIssuedTokens({ storage, issuer, inspectors: shared.inspectors }),
    ownAccess: shared.ownAccess,
    ...describeConsole(configuration),
    grantLog: storage.grantLog,
    async revokeSession(ended) {
      if (ended.everywhere === true) await shared.endSignIns(ended.userId)
      await revokeSession(ended)
    },
    securityEvents: {
      outbox: storage.securityEvents,
      streams: createEventStreams({ directory, clock }),
      post: shared.post,
      random: () => Math.random(),
      ofSessionEnd: async (ended) =>
        signals.buildEvents(await signalsOfSessionEnd(ended, directory.current())),
    },
  })
  await hashPasswordsOfFile(definition, shared, idp)
  return {
    ...idp,
    name: 'idp',
    issuer,
    basePath: '',
    jwksUri: `${configuration.baseUrl}/jwks`,
    idp,
    close: () => upstreams.close(),
  }
}

function buildConfig(definition: IdpDefinition, { configuration, settings }: SharedParts): IdpConfig {
  return {
    ...settings,
    issuer: definition.issuer,
    signingAlgorithm: (purpose) => chooseIdpAlgorithm(definition, purpose),
    displayName: definition.name,
    upstream: definition.upstream,
    passwordSignIn: definition.passwordSignIn,
    ...(configuration.admin === undefined ? {} : { trialRedirectUri: configuration.baseUrl + PROOF_PATH }),
    idTokenTtlSeconds: definition.idTokenTtlSeconds,
    failedSignInsBeforeDelay: configuration.limits.failedSignInsPerUserBeforeDelay,
    clientMetadata: definition.clientMetadata,
    dpopNonces: definition.dpopNonces,
    samlIssuers: definition.saml?.issuers,
    subjectIssuers: definition.subjectIssuers,
  }
}

async function sealSecretsOfFile(
  { users }: IdpDefinition,
  { storage, ports: { sealing, clock } }: SharedParts,
): Promise<void> {
  await prepareTotpSecrets(users, {
    store: storage.secondFactors,
    seal: (userId, secret) => sealTotpSecret(sealing, userId, secret),
    fingerprint: (userId, secret) =>
      sealing.keyedDigest('file-totp-secret', JSON.stringify([userId, secret])),
    now: clock.nowMs(),
  })
}

async function hashPasswordsOfFile(
  { users }: IdpDefinition,
  { storage, directory, revoker, ports: { sealing, clock } }: SharedParts,
  { signIn }: Idp,
): Promise<void> {
  await preparePasswords(users, {
    store: storage.passwordHashes,
    hash: hashPassword,
    async endAccess(userId) {
      // The revoker does not reach this IdP before it has started.
      await signIn.endSessionsOfUser(userId)
      await revokeAccessOf(userId, { directory, revoker, storage, clock })
    },
    fingerprint: (userId, password) =>
      sealing.keyedDigest('file-password', JSON.stringify([userId, password])),
  })
}

function describeConsole({ admin, baseUrl }: Configuration): Pick<IdpPorts, 'adminConsole'> {
  if (admin === undefined) return {}
  const { roles = {} } = admin
  const isFor: AdminConsole['isFor'] = (user) => findRole(roles, user) !== undefined
  return { adminConsole: { url: `${baseUrl}${CONSOLE_PATH}/`, isFor } }
}

function chooseIdpAlgorithm({ signing }: IdpDefinition, purpose: StoredKey['purpose']) {
  if (purpose === 'id-token') return listIdTokenAlgorithms(signing?.idToken)
  return purpose === 'id-jag' ? (signing?.idJag ?? SIGNING_ALGORITHM) : SIGNING_ALGORITHM
}
