// Live access tokens, newest first.
import type { IssuedAccessToken, TokenSelector } from '@crosswalk/resource-as'
import { sql } from 'kysely'

import type { Engine } from '../dialects/dialect.ts'
import { InvalidCursorError } from '../events/cursor.ts'
import { buildConditions, parseAccessToken } from './access-tokens.ts'

export interface LiveAccessQuery {
  /** Tokens that match any of these; an empty selector matches all */
  readonly selectors: readonly TokenSelector[]
  readonly nowMs: number
  readonly limit: number
  /** `next` of the previous page */
  readonly cursor?: string | undefined
}

export interface LiveAccessPage {
  readonly items: readonly IssuedAccessToken[]
  /** undefined on the last page */
  readonly next: string | undefined
}

export interface LiveAccess {
  /** Tokens that are neither expired nor revoked. Throws {@link InvalidCursorError}. */
  list(query: LiveAccessQuery): Promise<LiveAccessPage>
  /**
   * When the last JWT that matches any of the selectors expires, in epoch seconds; undefined if there is none. Includes
   * revoked tokens, because a resource that verifies offline accepts them.
   */
  findLastExpiry(query: Pick<LiveAccessQuery, 'selectors' | 'nowMs'>): Promise<number | undefined>
}

/** The order in which tokens were stored. */
const POSITION = sql<number>`position`

export function createLiveAccess({ db, traits }: Pick<Engine, 'db' | 'traits'>): LiveAccess {
  return {
    async list({ selectors, nowMs, limit, cursor }) {
      if (selectors.length === 0) return { items: [], next: undefined }
      let query = db
        .selectFrom('access_tokens')
        .selectAll()
        .select(POSITION.as('place'))
        .where('revoked_at', 'is', null)
        .where('expires_at', '>', traits.notAfterNow(nowMs / 1000))
        .where((builder) =>
          builder.or(selectors.map((selector) => builder.and(buildConditions(builder, selector)))),
        )
        .orderBy(POSITION, 'desc')
        .limit(limit + 1)
      if (cursor !== undefined) query = query.where(POSITION, '<', parsePlace(cursor))
      const rows = await query.execute()
      const shown = rows.slice(0, limit)
      const last = shown.at(-1)
      const more = rows.length > limit && last !== undefined
      return { items: shown.map(parseAccessToken), next: more ? renderPlace(last.place) : undefined }
    },
    async findLastExpiry({ selectors, nowMs }) {
      if (selectors.length === 0) return undefined
      const row = await db
        .selectFrom('access_tokens')
        .select(({ fn }) => fn.max('expires_at').as('last'))
        .where('expires_at', '>', traits.notAfterNow(nowMs / 1000))
        .where('details', 'like', '{"format":"jwt"%')
        .where((builder) =>
          builder.or(selectors.map((selector) => builder.and(buildConditions(builder, selector)))),
        )
        .executeTakeFirst()
      return row?.last === null || row?.last === undefined ? undefined : Number(row.last)
    },
  }
}

function renderPlace(place: number): string {
  return Buffer.from(`at:${place}`).toString('base64url')
}

function parsePlace(cursor: string): number {
  const match = /^at:(\d{1,16})$/.exec(Buffer.from(cursor, 'base64url').toString())
  if (match === null) throw new InvalidCursorError('`cursor` is not one that a list returned')
  return Number(match[1])
}
