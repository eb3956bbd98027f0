// Who signed in where an app asks by code: the answer of the service's own sign-in, as facts for the evaluation.
import type { NewAccount } from '@crosswalk/as-core'
import type { AccountFact, UserOrigin } from '@crosswalk/policy'

import type { Account, Accounts, Identity } from '../ports.ts'

/** A browser at the authorization endpoint. */
export interface SignInRequest {
  /** With the cookies of the browser */
  readonly request: Request
  /** Where the browser must come back to once the user signed in: the same authorization request */
  readonly returnTo: string
  /** The app asks that the user proves again who they are */
  readonly again: boolean
  /** Name of the app, for the page */
  readonly app: string
}

/** A user of the service. */
export interface SignedIn {
  /** The id that access tokens carry as `sub` */
  readonly account: string
  /** How and when, where it is known; epoch seconds */
  readonly authTime?: number
  readonly acr?: string
  readonly amr?: readonly string[]
}

/** Says who is signed in at the service, or answers the browser itself, such as by a redirect to the page that signs in. */
export type SignIn = (visit: SignInRequest) => SignedIn | Response | Promise<SignedIn | Response>

/** What is known of the user who signed in. */
export interface SignedInUser extends Omit<SignedIn, 'account'> {
  readonly account: AccountFact
  readonly origin?: UserOrigin & { readonly subject: string }
  /** To be created with the first token */
  readonly newAccount?: NewAccount | undefined
  /** Where the account was found without a link to the provider */
  readonly unlinked?: Identity | undefined
}

export type FindUser = (visit: SignInRequest) => Promise<SignedInUser | Response>

/** @returns the same for the pages here, with what the accounts say of the user */
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
