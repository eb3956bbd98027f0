// What a proof is about.
import type { AnswerTo } from '@crosswalk/admin-api'

import type { Connection } from '../../../components/object/connection-state.ts'

type App = AnswerTo<'apps.read'>

/** A connection with what it connects. */
export interface Parties {
  readonly connection: Connection
  /** Of an app that describes itself, only id and name are known. */
  readonly app: Pick<App, 'id' | 'name'> & Partial<App>
  readonly resourceApp: AnswerTo<'resource-apps.read'>
}
