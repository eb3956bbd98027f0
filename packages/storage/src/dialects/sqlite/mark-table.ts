// Names that are taken until a moment, beside the heap: there may be millions of them, and the garbage collector would
// carry each along. A name is known by 128 bits; of names that are digests, two do not meet there by chance.
import type { EpochSeconds } from '@crosswalk/protocol'

export interface MarkTable {
  /** @returns false for a name that is in it already */
  take(name: string, expiresAt: EpochSeconds): boolean
  /** As if it had not been taken. */
  giveBack(name: string): void
  /** Names that ended before `now` are not in it any more. */
  forgetExpired(now: EpochSeconds): void
}

const NAME_WORDS = 4
const FIRST_SLOTS = 4096
/** Of the slots, before there are to be more: fuller, and a look-up tries several. */
const MOST_FILLED = 0.6
/** In place of an end: nobody's, but on the way to names behind it */
const GIVEN_BACK = -1

export function createMarkTable(firstSlots = FIRST_SLOTS): MarkTable {
  let table = createSlots(firstSlots)
  let forgottenBefore = 0
  const wanted = new Uint32Array(NAME_WORDS)

  function lives(end: EpochSeconds): boolean {
    return end !== 0 && end >= forgottenBefore
  }

  /** @returns its slot, undefined where it is not in the table */
  function findWanted(): number | undefined {
    const { names, ends, mask } = table
    for (let slot = (wanted[0] as number) & mask; ; slot = (slot + 1) & mask) {
      const end = ends[slot] as number
      if (end === 0) return undefined
      if (lives(end) && isAt(names, slot * NAME_WORDS, wanted)) return slot
    }
  }

  /** A slot whose name has ended stays on the way to those behind it, until another name takes it. */
  function putWanted(slots: Slots, end: EpochSeconds): void {
    const { names, ends, mask } = slots
    let slot = (wanted[0] as number) & mask
    while (lives(ends[slot] as number)) slot = (slot + 1) & mask
    if (ends[slot] === 0) slots.filled += 1
    names.set(wanted, slot * NAME_WORDS)
    ends[slot] = end
  }

  function makeRoom(): void {
    const { names, ends } = table
    let living = 0
    for (let slot = 0; slot < ends.length; slot += 1) if (lives(ends[slot] as number)) living += 1
    table = createSlots(atLeast(firstSlots, (2 * living) / MOST_FILLED))
    for (let slot = 0; slot < ends.length; slot += 1) {
      const end = ends[slot] as number
      if (!lives(end)) continue
      wanted.set(names.subarray(slot * NAME_WORDS, (slot + 1) * NAME_WORDS))
      putWanted(table, end)
    }
  }

  return {
    take(name, expiresAt) {
      if (table.filled >= table.ends.length * MOST_FILLED) makeRoom()
      mixInto(wanted, name)
      if (findWanted() !== undefined) return false
      putWanted(table, Math.max(expiresAt, Number.MIN_VALUE))
      return true
    },
    giveBack(name) {
      mixInto(wanted, name)
      const slot = findWanted()
      if (slot !== undefined) table.ends[slot] = GIVEN_BACK
    },
    forgetExpired(now) {
      forgottenBefore = now
    },
  }
}

interface Slots {
  readonly names: Uint32Array
  /** When each ends; 0 where none ever was */
  readonly ends: Float64Array
  readonly mask: number
  /** Slots that ever held a name */
  filled: number
}

function createSlots(count: number): Slots {
  return {
    names: new Uint32Array(count * NAME_WORDS),
    ends: new Float64Array(count),
    mask: count - 1,
    filled: 0,
  }
}

/** @returns `least`, a power of two, doubled until it is no less than `wanted` */
function atLeast(least: number, wanted: number): number {
  let count = least
  while (count < wanted) count *= 2
  return count
}

function isAt(names: Uint32Array, at: number, name: Uint32Array): boolean {
  return (
    names[at] === name[0] &&
    names[at + 1] === name[1] &&
    names[at + 2] === name[2] &&
    names[at + 3] === name[3]
  )
}

/** Each of the four words takes in every character, by steps that lose nothing. */
function mixInto(words: Uint32Array, name: string): void {
  let [first, second, third, fourth] = [0x9e37_79b9, 0x85eb_ca6b, 0xc2b2_ae35, 0x27d4_eb2f]
  for (let index = 0; index < name.length; index += 1) {
    const character = name.charCodeAt(index)
    first = Math.imul(first ^ character, 0x2c1b_3c6d)
    first ^= first >>> 15
    second = Math.imul(second ^ character, 0x297a_2d39)
    second ^= second >>> 13
    third = Math.imul(third ^ character, 0x7feb_352d)
    third ^= third >>> 16
    fourth = Math.imul(fourth ^ character, 0x0100_0193)
    fourth ^= fourth >>> 14
  }
  words[0] = first
  words[1] = second
  words[2] = third
  words[3] = fourth
}
