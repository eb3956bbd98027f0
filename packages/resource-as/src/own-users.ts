// For services that already have users: the steps by which a user is found become questions to the service, and nothing
// about people is kept here. Which steps are asked, in which order, is said by the trust entry of the issuer.
import type { Account, Accounts } from './ports.ts'

/** A user of the service: the id that access tokens carry as `sub`; a disabled one gets nothing. */
export type OwnUser = string | { readonly id: string; readonly active: boolean }

type Found = OwnUser | undefined | Promise<OwnUser | undefined>

/** Whom an identity provider speaks of; all of it verified, and compared byte for byte. */
export interface IssuerSubject {
  readonly issuer: string
  readonly subject: string
  /** The `tenant` claim, where there is one */
  readonly tenant?: string
}

/** How to find users; a step without its function finds nobody. */
export interface OwnUsers {
  /** Step `iss_sub`: who was linked to this identity before */
  readonly bySubject?: (identity: IssuerSubject) => Found
  /** Step `aud_sub`: by the id that the identity provider knows of this very service */
  readonly byOwnId?: (ownId: string) => Found
  /** Step `email`: an address the issuer verified, of a domain it answers for, in lower case; several users: nobody */
  readonly byVerifiedEmail?: (email: string) => Found
}

/** @returns the port that `createResourceAs` asks for accounts */
export function askOwnUsers(users: OwnUsers): Accounts {
  return {
    findByIssuerSubject: async (server, issuer, tenant, subject) => {
      const identity = { issuer, subject, ...(tenant === undefined ? {} : { tenant }) }
      return describe(await users.bySubject?.(identity), { server, issuer, subject })
    },
    findByOwnId: async (server, ownId) =>
      describe(await users.byOwnId?.(ownId), { server, issuer: server, subject: ownId }),
    findBySubId: async () => undefined,
    findByVerifiedEmail: async (server, email) => {
      const account = describe(await users.byVerifiedEmail?.(email), {
        server,
        issuer: server,
        subject: email,
      })
      return account === undefined ? [] : [account]
    },
    // The service itself says who is disabled.
    setStatus: async () => false,
  }
}

interface Where {
  readonly server: string
  readonly issuer: string
  readonly subject: string
}

function describe(user: OwnUser | undefined, { server, issuer, subject }: Where): Account | undefined {
  if (user === undefined) return undefined
  const { id, active } = typeof user === 'string' ? { id: user, active: true } : user
  const status = active ? 'active' : 'disabled'
  return { id, authorizationServer: server, issuer, subject, emailVerified: false, createdAt: 0, status }
}
