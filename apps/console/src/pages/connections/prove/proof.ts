// The result of a proof, as returned by the server.
import type { AnswerTo } from '@crosswalk/admin-api'

export type Proof = AnswerTo<'connections.proof'>
