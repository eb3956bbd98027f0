// The floor against itself: anything but 1.0 means that the machine is too noisy for the other figures.
import { startFloor } from '../floor/start-floor.ts'
import { againstFloor } from './against-floor.ts'

export const floor = againstFloor(
  'floor',
  'the floor against itself, to show the noise of the machine',
  startFloor,
)
