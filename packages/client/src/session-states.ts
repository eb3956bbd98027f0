// The state of one session: tokens and their key. Each session has separate state, so that no lookup can ever give one
// user another user's token (CLI-20).
import { evictOldest } from '@crosswalk/protocol'

import { createDpopKey, type DpopKey } from './dpop.ts'
import type { IdJag } from './exchange.ts'
import { ExpiringCache } from './expiring-cache.ts'
import type { AccessToken } from './redemption.ts'
import type { Session } from './session.ts'
import { StepUps } from './step-ups.ts'

const MAX_TOKENS_PER_SESSION = 200

export class SessionState {
  readonly tokens: ExpiringCache<AccessToken>
  readonly idJags: ExpiringCache<IdJag>
  readonly stepUps: StepUps
  readonly #nowMs: () => number
  #dpopKey: Promise<DpopKey> | undefined

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
    this.tokens = new ExpiringCache({ nowMs, maxEntries: MAX_TOKENS_PER_SESSION })
    this.stepUps = new StepUps(nowMs)
    this.idJags = new ExpiringCache({ nowMs, maxEntries: MAX_TOKENS_PER_SESSION })
  }

  /** One key per session, created on first use (DPOP-15). */
  async dpopKey(): Promise<DpopKey> {
    this.#dpopKey ??= createDpopKey(this.#nowMs)
    return await this.#dpopKey
  }
}

export class SessionStates {
  readonly #byId = new Map<string, SessionState>()
  #byObject = new WeakMap<Session, SessionState>()
  readonly #nowMs: () => number
  readonly #maxSessions: number

  constructor({ nowMs, maxSessions }: { readonly nowMs: () => number; readonly maxSessions: number }) {
    this.#nowMs = nowMs
    this.#maxSessions = maxSessions
  }

  findOrCreate(session: Session): SessionState {
    const state = this.#find(session) ?? new SessionState(this.#nowMs)
    if (session.id === undefined) {
      this.#byObject.set(session, state)
      return state
    }
    this.#byId.delete(session.id)
    this.#byId.set(session.id, state)
    evictOldest(this.#byId, this.#maxSessions)
    return state
  }

  forget(session: Session): void {
    this.#byObject.delete(session)
    if (session.id !== undefined) this.#byId.delete(session.id)
  }

  #find(session: Session): SessionState | undefined {
    return session.id === undefined ? this.#byObject.get(session) : this.#byId.get(session.id)
  }
}
