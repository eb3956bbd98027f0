// Migration: the access token for which an ID-JAG was issued, so that everything derived from a token ends with it.
// Frozen, like every migration.

/** The access token for which an ID-JAG was issued. */
export interface TokenDescentTable {
  readonly grant_id: string
  readonly authorization_server: string
  readonly token_id: string
  readonly expires_at: number
}

export const TOKEN_DESCENTS: readonly string[] = [
  `create table token_descents (
    grant_id text not null primary key,
    authorization_server text not null,
    token_id text not null,
    expires_at double precision not null
  )`,
  'create index token_descents_expires_at on token_descents (expires_at)',
]
