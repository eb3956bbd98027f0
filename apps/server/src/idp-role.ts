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
} from '@crosswalk/control'
import { type AdminConsole, createIdp, hashPassword, sealTotpSecret, type IdpPorts } from '@crosswalk/idp'
import { listIdTokenAlgorithms } from '@crosswalk/protocol'

import { preparePasswords, prepareTotpSecrets } from './file-users.ts'
import { type CreatedIdpRole, requireSnapshot, type SharedParts, SIGNING_ALGORITHM } from './role-parts.ts'
import { connectUpstreams } from './upstream/connect-upstreams.ts'

export async function createIdpRole(
  definition: NonNullable<Configuration['idp']>,
  shared: SharedParts,
): Promise<CreatedIdpRole> {
  const { configuration, storage, directory, post, receivedRevocations, ownAccess, settings, ports } = shared
  const { revoker, signals } = shared
  const { issuer } = definition
  await prepareTotpSecrets(definition.users, {
    store: storage.secondFactors,
    seal: (userId, secret) => sealTotpSecret(ports.sealing, userId, secret),
    fingerprint: (userId, secret) =>
      ports.sealing.keyedDigest('file-totp-secret', JSON.stringify([userId, secret])),
    now: ports.clock.nowMs(),
  })
  const { clock } = ports
  const upstreams = connectUpstreams({ configuration, storage, directory, clock, revoker, signals })
  const idp = await createIdp(
    {
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
    },
    {
      ...ports,
      snapshot: () => requireSnapshot(directory.current().exchange, 'the IdP'),
      users: {
        findById: (id) => directory.current().users.findById(id),
        findByLogin: (login) => directory.current().users.findByLogin(login),
        findByAttribute: (name, value) => directory.current().users.findByAttribute(name, value),
        findByValue: (source, text) => directory.current().users.findByValue(source, text),
      },
      passwordHashes: storage.passwordHashes,
      secondFactors: storage.secondFactors,
      failedSignIns: storage.failedSignIns,
      signInStore: storage.signIn,
      upstreams,
      issuedTokens: createIssuedTokens({ storage, issuer, inspectors: shared.inspectors }),
      ownAccess,
      ...describeConsole(configuration),
      grantLog: storage.grantLog,
      afterSessionEnd: createRevokeSession({
        directory,
        storage,
        receivedRevocations,
        clock,
        issuer: definition.issuer,
      }),
      securityEvents: {
        outbox: storage.securityEvents,
        streams: createEventStreams({ directory, clock: ports.clock }),
        post,
        random: () => Math.random(),
        async ofSessionEnd(userId) {
          const user = await directory.current().users.findById(userId)
          return user === undefined
            ? []
            : signals.buildEvents([{ kind: 'session-revoked', user, initiator: 'user' }])
        },
      },
    },
  )
  await preparePasswords(definition.users, {
    store: storage.passwordHashes,
    hash: hashPassword,
    endSessions: (userId) => idp.signIn.endSessionsOfUser(userId),
    fingerprint: (userId, password) =>
      ports.sealing.keyedDigest('file-password', JSON.stringify([userId, password])),
  })
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

function describeConsole({ admin, baseUrl }: Configuration): Pick<IdpPorts, 'adminConsole'> {
  if (admin === undefined) return {}
  const { roles = {} } = admin
  const isFor: AdminConsole['isFor'] = (user) => findRole(roles, user) !== undefined
  return { adminConsole: { url: `${baseUrl}${CONSOLE_PATH}/`, isFor } }
}

function chooseIdpAlgorithm({ signing }: NonNullable<Configuration['idp']>, purpose: StoredKey['purpose']) {
  if (purpose === 'id-token') return listIdTokenAlgorithms(signing?.idToken)
  return purpose === 'id-jag' ? (signing?.idJag ?? SIGNING_ALGORITHM) : SIGNING_ALGORITHM
}
