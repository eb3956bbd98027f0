// What the pages on which users see their own access need from outside. Everything here is about one user, who is
// signed in, and tells nothing about another.
import type { EpochMs } from '@crosswalk/protocol'

/** What an app may ask for, in the words of the resource's catalogue. */
export interface OwnScope {
  readonly name: string
  /** `Read your todos`; undefined: the catalogue says nothing */
  readonly description?: string
}

/** One connection over which an app may act for the user, or could, had they not stopped it. */
export interface OwnConnection {
  readonly connection: string
  readonly app: { readonly name: string; readonly kind: 'agent' | 'web' | 'service' }
  readonly resourceApp: { readonly name: string }
  /** What it may do now */
  readonly scopes: readonly OwnScope[]
  /** What it may do only after the user signed in again */
  readonly afterSignIn: readonly OwnScope[]
  /** When the connection ends */
  readonly until?: EpochMs | undefined
  /** When the user's own request for it was approved; undefined: their organisation gave it */
  readonly approvedAt?: EpochMs | undefined
  readonly use?:
    | { readonly firstUsedAt: EpochMs; readonly lastUsedAt: EpochMs; readonly uses: number }
    | undefined
  /** Set when the user stopped it */
  readonly stoppedAt?: EpochMs | undefined
}

/** One time that an app got access for the user. */
export interface OwnAct {
  readonly time: EpochMs
  readonly app: string
  readonly resourceApp: string
  readonly scopes: readonly OwnScope[]
}

export interface OwnRequest {
  readonly id: string
  readonly app: string
  readonly resourceApp: string
  readonly scopes: readonly OwnScope[]
  readonly reason: string
  readonly state: 'open' | 'approved' | 'declined' | 'canceled' | 'expired' | 'ended'
  readonly askedAt: EpochMs
  /** By whom, when, and what they said */
  readonly answer?:
    | { readonly by: string; readonly at: EpochMs; readonly reason?: string | undefined }
    | undefined
  /** What was approved, where that is less than asked, and until when */
  readonly granted?:
    | { readonly scopes: readonly OwnScope[]; readonly until?: EpochMs | undefined }
    | undefined
}

/** A refusal of the user's own, in their words. */
export interface OwnRefusal {
  readonly decisionId: string
  readonly time: EpochMs
  readonly app: string
  /** Undefined where nothing here is what the app asked for */
  readonly resourceApp?: string | undefined
  readonly sentence: string
  /** Who answers for the app, by name */
  readonly owners: readonly string[]
  /** What may be asked for; nothing where asking would not help */
  readonly scopes: readonly OwnScope[]
  /** The same would be allowed now */
  readonly allowedNow: boolean
  /** The user's own request for it that waits for an answer */
  readonly openRequest?: { readonly id: string; readonly askedAt: EpochMs } | undefined
}

/** The user's account at a service that knows no ID-JAG. */
export interface OwnAccount {
  /** Id of the resource app */
  readonly resourceApp: string
  readonly name: string
  readonly kind: 'oauth' | 'apiKey'
  /** Undefined while it is not connected */
  readonly storedAt?: EpochMs | undefined
  readonly usedAt?: EpochMs | undefined
}

/** Why nothing was done. */
export type OwnProblem =
  | 'unknown'
  | 'asked-already'
  | 'too-many'
  | 'nothing-to-ask'
  /** An administrator has not stored the secret of the client at the service. */
  | 'not-set-up'
  | 'not-connected'

/** Where the user's request came from, for the audit log. */
export interface OwnSource {
  readonly headers: Headers
  readonly ip: string | undefined
}

export interface OwnAccess {
  /** What may act for the user as things are now, and what they stopped */
  listConnections(userId: string): Promise<readonly OwnConnection[]>
  /** The newest first */
  listActs(userId: string): Promise<readonly OwnAct[]>
  /**
   * Refuses the connection for this user alone, and revokes what is live where that is possible; in force and durable
   * when it resolves.
   */
  stop(userId: string, connection: string, source: OwnSource): Promise<OwnProblem | undefined>
  /** Ends the user's own stop, never any other user's. */
  allowAgain(userId: string, connection: string, source: OwnSource): Promise<OwnProblem | undefined>
  /** The newest first */
  listRequests(userId: string): Promise<readonly OwnRequest[]>
  cancelRequest(userId: string, id: string, source: OwnSource): Promise<OwnProblem | undefined>
  /** @returns undefined for decisions that are not this user's or were no refusal, as if there were none */
  findRefusal(userId: string, decisionId: string): Promise<OwnRefusal | undefined>
  /** @returns the decision by which this app was refused last, for this user, at this resource if one is given */
  findLastRefusal(
    userId: string,
    about: { readonly app: string; readonly resource: string | undefined },
  ): Promise<string | undefined>
  /** By name: what the user may connect, and what is connected */
  listAccounts(userId: string): Promise<readonly OwnAccount[]>
  /**
   * @param about - `session`: a secret of the browser session, so that no other finishes what it began
   * @returns where the user allows the access
   */
  connect(
    userId: string,
    about: { readonly resourceApp: string; readonly session: string },
  ): Promise<{ readonly url: string } | OwnProblem>
  /** @param returned - `query`: what the service sent back with the user */
  finishConnect(
    userId: string,
    returned: { readonly resourceApp: string; readonly session: string; readonly query: string },
    source: OwnSource,
  ): Promise<OwnProblem | undefined>
  storeKey(
    userId: string,
    stored: { readonly resourceApp: string; readonly key: string },
    source: OwnSource,
  ): Promise<OwnProblem | undefined>
  /** No app uses the account any more when this resolves. */
  disconnect(userId: string, resourceApp: string, source: OwnSource): Promise<OwnProblem | undefined>
  ask(
    userId: string,
    wanted: { readonly decisionId: string; readonly scopes: readonly string[]; readonly reason: string },
    source: OwnSource,
  ): Promise<OwnProblem | undefined>
}
