// The floor against itself: must come out at 1.0, or the machine is too noisy for the other figures to mean much.
import { startFloor } from '../floor/start-floor.ts'
import { againstFloor } from './against-floor.ts'

export const floor = againstFloor(
  'floor',
  'the floor against itself, to see how far to trust the rest',
  startFloor,
)
