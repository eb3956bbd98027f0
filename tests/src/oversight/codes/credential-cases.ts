// For each code of the exchange for a stored credential a request that ends with it; XAA2605 needs a service that goes down, and
// is in `vault.test.ts`.
import { GRANT_TYPE, TOKEN_TYPE } from '@crosswalk/protocol'

import { AGENT_AT_VENDOR } from '../../support/company.ts'
import { basic, type ClientCredentials, postForm, redeem } from '../../support/flow.ts'
import type { Case } from './exchange-cases.ts'
import type { Stage } from './stage.ts'
import { GATEWAY, ISSUERS } from './definitions.ts'

const accessToken = async ({ baseUrl }: Stage, idJag: string) =>
  String((await redeem(baseUrl, idJag)).body.access_token)

const ask = ({ baseUrl }: Stage, token: string, client: ClientCredentials = GATEWAY) =>
  postForm(
    `${baseUrl}/as/vendor/token`,
    {
      grant_type: GRANT_TYPE.tokenExchange,
      subject_token: token,
      subject_token_type: TOKEN_TYPE.accessToken,
      requested_token_type: TOKEN_TYPE.storedCredential,
    },
    { authorization: basic(client) },
  )

export const CREDENTIAL_CASES: Readonly<Record<string, Case>> = {
  XAA2601: (stage) => ask(stage, 'no token of ours'),
  XAA2602: async (stage) => ask(stage, await accessToken(stage, await stage.idJag()), AGENT_AT_VENDOR),
  // Of an identity provider elsewhere, whose users the vault does not know.
  XAA2603: async (stage) => ask(stage, await accessToken(stage, await stage.forge(ISSUERS.open))),
  XAA2604: async (stage) => ask(stage, await accessToken(stage, await stage.idJag())),
}
