// The user who signed in for the authorization code flow: the result of the service's own sign-in, as facts for the
// evaluation.
import type { NewAccount } from '@crosswalk/as-core'
import type { AccountFact, UserOrigin } from '@crosswalk/policy'

import type { Account, Accounts, Identity } from '../ports.ts'

/** A browser at the authorization endpoint. */
export interface SignInRequest {
  /** With the cookies of the browser */
  readonly request: Request
  /** The same authorization request, to which the browser must return after sign-in */
  readonly returnTo: string
  /** The app requires a new sign-in */
  readonly again: boolean
  /** Name of the app, for the page */
  readonly app: string
}

/** A user of the service. */
export interface SignedIn {
  /** The id that access tokens carry as `sub` */
  readonly account: string
  /** How and when the user signed in, if known; epoch seconds */
  readonly authTime?: number
  readonly acr?: string
  readonly amr?: readonly string[]
}

/**
 * Returns who is signed in at the service, or responds to the browser, for example with a redirect to its sign-in page.
 */
export type SignIn = (visit: SignInRequest) => SignedIn | Response | Promise<SignedIn | Response>

export interface SignedInUser extends Omit<SignedIn, 'account'> {
  readonly account: AccountFact
  readonly origin?: UserOrigin & { readonly subject: string }
  /** To be created with the first token */
  readonly newAccount?: NewAccount | undefined
  /** Set if the account was found without a link to the provider */
  readonly unlinked?: Identity | undefined
}

export type FindUser = (visit: SignInRequest) => Promise<SignedInUser | Response>

/** @returns the same for our pages, with the facts from the accounts port */
export function askService(signIn: SignIn, accounts: Accounts, server: string): FindUser {
  return async (visit) => {
    const answer = await signIn(visit)
    if (answer instanceof Response) return answer
    const { account: id, ...how } = answer
    const found = await accounts.findById(server, id)
    return found === undefined
      ? { ...how, account: { state: 'missing', linkingSteps: [] } }
      : { ...how, ...describeAccount(found) }
  }
}

export function describeAccount(account: Account) {
  const { id, issuer, subject, tenant, email, status } = account
  return {
    account: { state: 'found', id, active: status === 'active', linkingSteps: [], profile: account } as const,
    origin: {
      issuer,
      subject,
      ...(tenant === undefined ? {} : { tenant }),
      ...(email === undefined ? {} : { email }),
    },
  }
}
