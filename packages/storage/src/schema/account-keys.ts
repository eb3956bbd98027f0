// Migration: at one server, own ids, verified e-mail addresses and SAML names of accounts are unique, so that concurrent
// redemptions cannot create two accounts for one user. Accounts that already share one keep it and are exempt: which of
// them is the right one, only an administrator knows. Account linking refuses such a user, and the look-up before each
// new account finds them. Frozen, like every migration.

const IDENTIFIERS = [
  { name: 'own_id', column: 'aud_sub', where: 'aud_sub is not null' },
  { name: 'sub_id', column: 'sub_id_key', where: 'sub_id_key is not null' },
  { name: 'verified_email', column: 'email_lower', where: 'email_lower is not null and email_verified = 1' },
]

export const ACCOUNT_KEYS: readonly string[] = [
  'alter table accounts add column shares_identifier integer not null default 0',
  ...IDENTIFIERS.map(
    ({ column, where }) => `update accounts set shares_identifier = 1
      where ${where} and (authorization_server, ${column}) in (
        select authorization_server, ${column} from accounts where ${where}
        group by authorization_server, ${column} having count(*) > 1)`,
  ),
  ...IDENTIFIERS.map(
    ({
      name,
      column,
      where,
    }) => `create unique index accounts_unique_${name} on accounts (authorization_server, ${column})
      where ${where} and shares_identifier = 0`,
  ),
]
