// Agents of a world: `@crosswalk/client` as an app would use it, with sessions whose users are signed in on demand.
import {
  type AccessOptions,
  type LegEvent,
  type ResourceAccess,
  type Session,
  xaa,
  type XaaOptions,
} from '@crosswalk/client'

import type { AgentIdentity } from './agent-identity.ts'
import type { Network } from './network.ts'
import type { SignedIn } from './sign-in.ts'
import type { WorldClock } from './world-clock.ts'
import { IDP, type Resource } from './world-options.ts'

/** An agent that acts for users by name. */
export interface WorldAgent {
  /** The user is signed in when the first token is needed, and stays signed in; renewal uses the refresh token. */
  as(username: string): {
    /** @param resource - id or URL of an API */
    at(resource: string, options?: AccessOptions): ResourceAccess
    readonly session: Session
    forget(): void
  }
  /** For `xaa(…)`: adds your own agent to the world */
  readonly options: XaaOptions
  /** Private key of an agent that has one, as JWK JSON */
  readonly key?: string
}

export interface WorldAgentParts {
  readonly identity: AgentIdentity
  readonly network: Network
  readonly clock: WorldClock
  readonly resources: readonly Resource[]
  signIn(username: string): Promise<SignedIn>
  onLeg(event: LegEvent): void
}

export function createWorldAgent(parts: WorldAgentParts): WorldAgent {
  const options = buildOptions(parts)
  const agent = xaa(options)
  const sessions = new Map<string, Session>()

  function sessionOf(username: string): Session {
    const session = sessions.get(username) ?? createSession(() => parts.signIn(username))
    sessions.set(username, session)
    return session
  }

  return {
    options,
    ...(parts.identity.key === undefined ? {} : { key: parts.identity.key }),
    as(username) {
      const session = sessionOf(username)
      const acting = agent.as(session)
      return {
        session,
        at: (resource, access) => acting.at(findUrl(parts.resources, resource), access),
        forget: () => acting.forget(),
      }
    },
  }
}

function findUrl(resources: readonly Resource[], resource: string): string {
  const known = resources.find(({ id }) => id === resource)?.resource
  if (known === undefined && !URL.canParse(resource))
    throw new TypeError(
      `there is no resource ${resource}; known resources: ${resources.map(({ id }) => id).join(', ')}`,
    )
  return known ?? resource
}

function createSession(signIn: () => Promise<SignedIn>): Session {
  let signedIn: Promise<SignedIn> | undefined
  return {
    async getSubjectToken({ reason }) {
      signedIn ??= signIn()
      const { idToken, refreshToken } = await signedIn
      return reason === 'use' ? idToken : { token: refreshToken, type: 'refresh_token' }
    },
  }
}

/** One registration per authorization server: its first API determines the agent's client there. */
function buildOptions({ identity, network, clock, resources, onLeg }: WorldAgentParts): XaaOptions {
  const { id } = identity
  const first = new Map<string, Resource>()
  for (const resource of resources) if (!first.has(resource.issuer)) first.set(resource.issuer, resource)
  const registrations = [...first].map(([issuer, resource]) => {
    const clientId = identity.clientIdAt(resource.id)
    return [issuer, { clientId, auth: identity.authenticate(clientId) }] as const
  })
  return {
    idp: IDP,
    client: { id, auth: identity.authenticate(id) },
    ...(identity.sameEverywhere ? {} : { resources: Object.fromEntries(registrations) }),
    fetch: network.fetch,
    nowMs: clock.nowMs,
    // Waiting only advances the clock.
    sleepMs: async (ms) => clock.advance(ms / 1000),
    onLeg,
  }
}
