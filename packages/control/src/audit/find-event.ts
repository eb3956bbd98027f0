// Finds one event by its place in a chain.
import type { EventReader, RecordedEvent } from '@crosswalk/storage'

export interface EventPlace {
  readonly chain: string
  readonly seq: number
}

export async function findEventAt(
  events: Pick<EventReader, 'readAfter'>,
  { chain, seq }: EventPlace,
): Promise<RecordedEvent | undefined> {
  const [found] = await events.readAfter({ chain, afterSeq: seq - 1 }, 1)
  return found?.seq === seq ? found : undefined
}
