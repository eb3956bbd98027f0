// Connects interactive sign-in to the ports of the identity provider: the apps it knows, and the events it records.
import {
  type EventRecorder,
  matchesSecret,
  registerClientAuth,
  type SecretGuesses,
  type SecretHasher,
  type SigningKeys,
} from '@crosswalk/as-core'
import { findSignInBlock } from '@crosswalk/policy'

import type { DescribedApps } from './described-apps.ts'
import type { IdpConfig, IdpPorts } from './idp-ports.ts'
import { buildOwnAccessApp, OWN_ACCESS_CLIENT_ID } from './sign-in/own-access/own-access-app.ts'
import type { SignIn } from './sign-in/contract.ts'
import { createSignIn } from './sign-in/sign-in.ts'

export interface SignInParts {
  readonly signingKeys: SigningKeys
  readonly hasher: SecretHasher
  readonly guesses: SecretGuesses
  readonly describedApps: DescribedApps | undefined
  readonly events: EventRecorder
}

export function connectSignIn(
  config: IdpConfig,
  ports: IdpPorts,
  { signingKeys, hasher, guesses, describedApps, events }: SignInParts,
): SignIn {
  const { snapshot, clock } = ports
  const ownApp = ports.ownAccess === undefined ? undefined : buildOwnAccessApp(config.baseUrl)
  const findApp = (clientId: string) =>
    clientId === OWN_ACCESS_CLIENT_ID && ownApp !== undefined ? ownApp : snapshot().apps.get(clientId)
  return createSignIn(
    {
      ...config,
      cookieKeys: [ports.sealing.keyedDigest('sign-in-cookies', '1')],
      loopback: config.baseUrl.startsWith('http:'),
    },
    {
      ...ports,
      store: ports.signInStore,
      apps: {
        find: (clientId) => findApp(clientId) ?? describedApps?.find(clientId),
        isRegistered: (clientId) => findApp(clientId) !== undefined,
        async load(clientId) {
          return (
            findApp(clientId) !== undefined || describedApps === undefined || describedApps.load(clientId)
          )
        },
      },
      isBlocked: (userId, appId) =>
        findSignInBlock(snapshot().blocks, { userId, appId, now: clock.nowMs() / 1000 }) !== undefined,
      verifySecret: ({ clientId, secret, ip }) => {
        const auth = snapshot().apps.get(clientId)?.auth
        const registered = auth === undefined ? undefined : registerClientAuth(auth, hasher)
        const matches = () => matchesSecret(secret, registered, hasher)
        return guesses.check({ clientId, registered: auth !== undefined, ip }, matches, clock.nowMs())
      },
      signingKeys: () => signingKeys.ofPurpose('id-token'),
      untilNewest: async () => ports.untilNewest?.(),
      ofSessionEnd: async (ended) => ports.securityEvents?.ofSessionEnd(ended) ?? [],
      useOnce: async (replayKey) => (await events.useOnce([replayKey])) === undefined,
      record: async (event) => {
        await events.record(event)
      },
      reportFault: ports.onFault,
      ...(ports.webFetch === undefined ? {} : { fetch: ports.webFetch }),
    },
  )
}
