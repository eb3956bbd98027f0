// Repeats every decision of the token endpoint in the simulator, from its record and the definitions of its revision. Both must agree.
import { replayDecision } from '@crosswalk/policy'
import type { DecisionRecord } from '@crosswalk/protocol'
import { type CompiledConfiguration, compileAtRevision, type Configuration } from '@crosswalk/control'
import type { Storage } from '@crosswalk/storage'

const EXCHANGES = ['idjag.issued', 'idjag.denied', 'idjag.stepup']

/** @param storage - of a stopped server that only ever ran this configuration */
export async function expectSameSimulated(configuration: Configuration, storage: Storage): Promise<void> {
  const worlds = new Map<number, Promise<CompiledConfiguration>>()
  for (const record of await readExchanges(storage)) {
    const revision = Number(record.snapshot.revision)
    const world = worlds.get(revision) ?? compileAtRevision(configuration, storage.objects, revision)
    worlds.set(revision, world)
    expectSame(record, await world)
  }
}

async function readExchanges({ events }: Storage): Promise<readonly DecisionRecord[]> {
  const records: DecisionRecord[] = []
  let cursor: string | undefined
  do {
    const page = await events.list({
      types: EXCHANGES,
      limit: 200,
      ...(cursor === undefined ? {} : { cursor }),
    })
    records.push(...page.items.flatMap(({ event }) => event.decision ?? []))
    cursor = page.next
  } while (cursor !== undefined)
  // Clients with a metadata document are skipped: the document is not stored.
  return records.filter(({ request }) => !/^https?:/.test(request.requesting_app?.id ?? ''))
}

function expectSame(record: DecisionRecord, { snapshot, users }: CompiledConfiguration): void {
  if (snapshot === undefined) return
  const side = { snapshot, users }
  const again = replayDecision(record, { current: side, draft: side })
  if (again.state !== 'compared' || !again.changedSince) return
  const { decision_id: id, outcome, code, granted } = record
  const { current } = again
  throw new Error(
    `${id} was ${outcome} ${code} ${granted?.scope.join(' ') ?? ''}, and is simulated as ${current.outcome} ${current.code} ${current.granted?.scope.join(' ') ?? ''}: ${current.summary.admin}`,
  )
}
