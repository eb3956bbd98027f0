// What a proof came to, as the server tells it.
import type { AnswerTo } from '@crosswalk/admin-api'

export type Proof = AnswerTo<'connections.proof'>
