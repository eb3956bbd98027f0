// For services that have their own users: each account linking strategy becomes a query to the service, and no user
// data is stored here. The trust entry of the issuer states which strategies are used, in which order.
import { lookUpUsers } from '@crosswalk/as-core'
import { dropUndefined, isObject } from '@crosswalk/protocol'

import type { Account, Accounts, Identity } from '../ports.ts'

/**
 * A user of the service: the id that access tokens contain as `sub`. A disabled user gets no access: an id alone is looked
 * up with `byId`, which says whether the user is disabled, and in `byId` it means an active user.
 */
export type OwnUser =
  | string
  | {
      readonly id: string
      readonly active: boolean
      /** For the authorization code flow: the address that assigns the user to a company that requires ID-JAG */
      readonly email?: string
      readonly name?: string
      /**
       * The link to an identity provider, whose security events end the user's tokens. If set by `byVerifiedEmail`, another
       * subject of that provider does not get the account when it gets the address.
       */
      readonly identity?: Pick<Identity, 'issuer' | 'subject' | 'tenant'>
    }

/** Database clients return either for a missing row. */
type Nothing = undefined | null
type Found = OwnUser | Nothing | Promise<OwnUser | Nothing>

/**
 * How to find users; a strategy without its function finds none. No look-up may create a user: it is also called for
 * requests that are then denied, and for revocations by the issuer.
 */
export interface OwnUsers {
  /**
   * Finds a user by the id in access tokens. Called for every introspected token, so that a disabled or deleted user is
   * refused at the next request. It should cost no more than a look-up by primary key.
   */
  readonly byId: (id: string) => Found
  /** Strategy `iss_sub`: the user linked to this identity */
  readonly bySubject?: (identity: Identity) => Found
  /** Strategy `aud_sub`: by the id that the identity provider knows for this service */
  readonly byOwnId?: (ownId: string, identity: Identity) => Found
  /**
   * Strategy `email`: an address that the issuer verified, in a domain it may assert, in lower case; return no user if
   * several match. Without a subject if a security event is resolved.
   */
  readonly byVerifiedEmail?: (email: string, identity: Omit<Identity, 'subject'> & Partial<Identity>) => Found
  /**
   * Called after a user found by another strategy got access while `iss_sub` found none: store the link that
   * `bySubject` reads, so that the user is found by issuer and subject from then on, even if the address changes.
   * Errors are reported to `onFault`, and the next ID-JAG calls it again.
   */
  readonly onLinked?: (id: string, identity: Identity) => unknown
}

/** @returns the accounts port of `createResourceAs` */
export function askOwnUsers(users: OwnUsers): Accounts {
  async function findById(id: string, where: Where): Promise<Account | undefined> {
    const account = describe(await lookUp('byId', () => users.byId(id)), where)
    return account?.id === id ? account : undefined
  }

  /** The service may have disabled the user since the link or the address was stored. */
  async function complete(user: OwnUser | undefined, where: Where): Promise<Account | undefined> {
    return typeof user === 'string' ? await findById(user, where) : describe(user, where)
  }

  async function completeAll(user: OwnUser | undefined, where: Where): Promise<readonly Account[]> {
    const account = await complete(user, where)
    return account === undefined ? [] : [account]
  }

  return {
    findById: async (server, id) => await findById(id, { server, issuer: server, subject: id }),
    findByIssuerSubject: async (server, issuer, tenant, subject, identity) => {
      const given = identity ?? { issuer, subject, ...(tenant === undefined ? {} : { tenant }) }
      return await complete(await lookUp('bySubject', () => users.bySubject?.(given)), {
        server,
        issuer,
        subject,
      })
    },
    findByOwnId: async (server, ownId, identity) =>
      await completeAll(await lookUp('byOwnId', () => users.byOwnId?.(ownId, identity)), {
        server,
        issuer: server,
        subject: ownId,
      }),
    findBySubId: async () => [],
    findByVerifiedEmail: async (server, email, identity) =>
      await completeAll(await lookUp('byVerifiedEmail', () => users.byVerifiedEmail?.(email, identity)), {
        server,
        issuer: server,
        subject: email,
      }),
    ...(users.onLinked === undefined
      ? {}
      : { link: async (_server, id, identity) => void (await users.onLinked?.(id, identity)) }),
  }
}

async function lookUp(name: keyof OwnUsers, call: () => Found): Promise<OwnUser | undefined> {
  return await lookUpUsers(async () => {
    const user = (await call()) ?? undefined
    if (user !== undefined && !isUser(user)) throw new TypeError(`users.${name} must return ${EXPECTED}`)
    return user
  })
}

const EXPECTED = 'an id (text), { id, active } with active true or false, or nothing'

/** Services in JavaScript have no types: a row with a number as id, or a list of rows, would be some user or none. */
function isUser(user: unknown): user is OwnUser {
  if (typeof user === 'string') return user !== ''
  if (!isObject(user)) return false
  const { id, active } = user
  return typeof id === 'string' && id !== '' && typeof active === 'boolean'
}

interface Where {
  readonly server: string
  readonly issuer: string
  readonly subject: string
}

function describe(user: OwnUser | undefined, { server, issuer, subject }: Where): Account | undefined {
  if (user === undefined) return undefined
  const { id, active, email, name, identity }: Exclude<OwnUser, string> =
    typeof user === 'string' ? { id: user, active: true } : user
  const status = active ? 'active' : 'disabled'
  const known = dropUndefined({ email, name })
  const about = { emailVerified: false, createdAt: 0, status, ...known } as const
  return { id, authorizationServer: server, issuer, subject, ...identity, ...about }
}
