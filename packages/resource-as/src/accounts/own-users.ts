// For services that already have users: the steps by which a user is found become questions to the service, and nothing
// about users is kept here. Which steps are asked, in which order, is said by the trust entry of the issuer.
import { dropUndefined } from '@crosswalk/protocol'

import type { Account, Accounts, Identity } from '../ports.ts'

/** A user of the service: the id that access tokens carry as `sub`; a disabled one gets nothing. */
export type OwnUser =
  | string
  | {
      readonly id: string
      readonly active: boolean
      /** Where apps may ask by authorization code: by it the user belongs to a company that requires ID-JAG */
      readonly email?: string
      readonly name?: string
      /** The same by the link to an identity provider, whose security events end the tokens of this user */
      readonly identity?: Pick<Identity, 'issuer' | 'subject' | 'tenant'>
    }

type Found = OwnUser | undefined | Promise<OwnUser | undefined>

/** How to find users; a step without its function finds no one. */
export interface OwnUsers {
  /**
   * By the id that access tokens carry. Asked whenever this server is asked about a token, so that a user who was disabled
   * or deleted is refused at the next request. Keep it as cheap as a look-up by primary key.
   */
  readonly byId: (id: string) => Found
  /** Step `iss_sub`: who was linked to this identity before */
  readonly bySubject?: (identity: Identity) => Found
  /** Step `aud_sub`: by the id that the identity provider knows of this very service */
  readonly byOwnId?: (ownId: string, identity: Identity) => Found
  /**
   * Step `email`: an address the issuer verified, of a domain it answers for, in lower case; several users: no one. Without
   * a subject where a security event asks whom it is about.
   */
  readonly byVerifiedEmail?: (email: string, identity: Omit<Identity, 'subject'> & Partial<Identity>) => Found
  /**
   * A user was found by another step and got access, while step `iss_sub` found no one: write the link that `bySubject`
   * reads, so that the user is found by issuer and subject from now on, whatever becomes of the address. What it throws is
   * reported to `onFault` and asked again with the next ID-JAG.
   */
  readonly onLinked?: (id: string, identity: Identity) => unknown
}

/** @returns the port that `createResourceAs` asks for accounts */
export function askOwnUsers(users: OwnUsers): Accounts {
  return {
    findById: async (server, id) => {
      const account = describe(await users.byId(id), { server, issuer: server, subject: id })
      return account?.id === id ? account : undefined
    },
    findByIssuerSubject: async (server, issuer, tenant, subject, identity) => {
      const given = identity ?? { issuer, subject, ...(tenant === undefined ? {} : { tenant }) }
      return describe(await users.bySubject?.(given), { server, issuer, subject })
    },
    findByOwnId: async (server, ownId, identity) =>
      describe(await users.byOwnId?.(ownId, identity), { server, issuer: server, subject: ownId }),
    findBySubId: async () => undefined,
    findByVerifiedEmail: async (server, email, identity) => {
      const account = describe(await users.byVerifiedEmail?.(email, identity), {
        server,
        issuer: server,
        subject: email,
      })
      return account === undefined ? [] : [account]
    },
    // The service itself says who is disabled.
    setStatus: async () => false,
    ...(users.onLinked === undefined
      ? {}
      : { link: async (_server, id, identity) => void (await users.onLinked?.(id, identity)) }),
  }
}

interface Where {
  readonly server: string
  readonly issuer: string
  readonly subject: string
}

function describe(user: OwnUser | undefined, { server, issuer, subject }: Where): Account | undefined {
  if (user === undefined) return undefined
  const { id, active, email, name, identity } =
    typeof user === 'string' ? { id: user, active: true } : { identity: undefined, ...user }
  const status = active ? 'active' : 'disabled'
  const known = dropUndefined({ email, name })
  const about = { emailVerified: false, createdAt: 0, status, ...known } as const
  return { id, authorizationServer: server, issuer, subject, ...identity, ...about }
}
