// Live access tokens, newest first.
import type { IssuedAccessToken, TokenSelector } from '@crosswalk/resource-as'
import { sql } from 'kysely'

import type { Database } from '../schema/tables.ts'
import { InvalidCursorError } from '../events/cursor.ts'
import { buildRevocable, matchesAny, parseAccessToken } from './access-tokens.ts'

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

export interface RevocableCount {
  readonly tokens: number
  /** Users of these tokens, by issuer and subject: one with pairwise subjects counts once for each */
  readonly users: number
  /** True if there are more, which were not counted */
  readonly hasMore: boolean
}

export interface LiveAccess {
  /** Tokens that are neither expired nor revoked. Throws {@link InvalidCursorError}. */
  list(query: LiveAccessQuery): Promise<LiveAccessPage>
  /**
   * When the last JWT that matches any of the selectors expires, in epoch seconds; undefined if there is none. Includes
   * revoked tokens, because a resource that verifies offline accepts them.
   */
  findLastExpiry(query: Pick<LiveAccessQuery, 'selectors' | 'nowMs'>): Promise<number | undefined>
  /** Counts what `AccessTokens.revoke` would end, descendants included, with each of the selectors; at most `most` tokens. */
  countRevocable(
    query: Pick<LiveAccessQuery, 'selectors' | 'nowMs'> & { readonly most: number },
  ): Promise<RevocableCount>
}

const REVOCABLE_COLUMNS = ['id', 'authorization_server', 'issuer', 'issuer_subject'] as const

/** Tokens that match, and those that other apps derived from them. */
function selectRevocable(
  { db, traits }: Database,
  { selectors, nowMs, limit }: Pick<LiveAccessQuery, 'selectors' | 'nowMs' | 'limit'>,
) {
  return (
    db
      // Joined once, because no index finds tokens by their grant. Not recursive itself, but the keyword precedes all parts.
      .withRecursive(
        (cte) => cte('derived').materialized(),
        (within) =>
          within
            .selectFrom('token_descents as descent')
            .innerJoin('access_tokens as token', 'token.grant_id', 'descent.grant_id')
            .where('token.revoked_at', 'is', null)
            .select(['descent.token_id as parent', 'descent.authorization_server as parent_server'])
            .select(['token.id', 'token.authorization_server', 'token.issuer', 'token.issuer_subject']),
      )
      .withRecursive('ended', (within) =>
        within
          // Limited here too, because SQLite reads this part to its end before it follows descendants.
          .selectFrom((first) =>
            first
              .selectFrom('access_tokens')
              .select(REVOCABLE_COLUMNS)
              .where((builder) =>
                builder.or(
                  selectors.map((selector) =>
                    builder.and(buildRevocable(builder, traits, { selector, at: nowMs })),
                  ),
                ),
              )
              .limit(limit)
              .as('selected'),
          )
          .selectAll()
          .union((of) =>
            of
              .selectFrom('ended')
              .innerJoin('derived', (join) =>
                join
                  .onRef('derived.parent', '=', 'ended.id')
                  .onRef('derived.parent_server', '=', 'ended.authorization_server'),
              )
              .select([
                'derived.id',
                'derived.authorization_server',
                'derived.issuer',
                'derived.issuer_subject',
              ]),
          ),
      )
      .selectFrom('ended')
      .selectAll()
      .limit(limit)
      .execute()
  )
}

/** The order in which tokens were stored. */
const POSITION = sql<number>`position`

export function createLiveAccess({ db, traits }: Database): LiveAccess {
  return {
    async list({ selectors, nowMs, limit, cursor }) {
      if (selectors.length === 0) return { items: [], next: undefined }
      let query = db
        .selectFrom('access_tokens')
        .selectAll()
        .select(POSITION.as('place'))
        .where('revoked_at', 'is', null)
        .where('expires_at', '>', traits.notAfterNow(nowMs / 1000))
        .where(matchesAny(selectors))
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
        .where(matchesAny(selectors))
        .executeTakeFirst()
      return row?.last === null || row?.last === undefined ? undefined : Number(row.last)
    },
    async countRevocable({ selectors, nowMs, most }) {
      if (selectors.length === 0) return { tokens: 0, users: 0, hasMore: false }
      const rows = await selectRevocable({ db, traits }, { selectors, nowMs, limit: most + 1 })
      const counted = rows.slice(0, most)
      const users = new Set(
        counted.map(({ issuer, issuer_subject: subject }) => JSON.stringify([issuer, subject])),
      )
      return { tokens: counted.length, users: users.size, hasMore: rows.length > most }
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
