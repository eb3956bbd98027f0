// Names that are taken until a moment, beside the heap: there may be millions of them, and the garbage collector would
// carry each along. A name is known by 128 bits; of names that are digests, two do not meet there by chance.
import type { EpochSeconds } from '@crosswalk/protocol'

export interface MarkTable {
  has(name: string): boolean
  /** Of a name that is not in it. */
  add(name: string, expiresAt: EpochSeconds): void
  /** Names that ended before `now` are not in it any more. */
  forgetExpired(now: EpochSeconds): void
}

/** Words of a slot: four of the name, then when it ends; 0 where nothing was ever put. */
const SLOT_WORDS = 5
const END = 4
const LATEST_END = 0xffff_ffff
const FIRST_SLOTS = 4096
/** Of the slots, before there are to be more: fuller, and a look-up tries several. */
const MOST_FILLED = 0.6

export function createMarkTable(firstSlots = FIRST_SLOTS): MarkTable {
  let table = createSlots(firstSlots)
  let forgottenBefore = 0
  const wanted = new Uint32Array(SLOT_WORDS - 1)

  function holdsWanted(): boolean {
    const { words, mask } = table
    for (let slot = (wanted[0] as number) & mask; ; slot = (slot + 1) & mask) {
      const at = slot * SLOT_WORDS
      const end = words[at + END] as number
      if (end === 0) return false
      if (end >= forgottenBefore && isAt(words, at, wanted)) return true
    }
  }

  /** A slot whose name has ended stays on the way to those behind it, until another name takes it. */
  function putWanted(slots: Slots, end: number): void {
    let slot = (wanted[0] as number) & slots.mask
    while (lives(slots.words[slot * SLOT_WORDS + END] as number)) slot = (slot + 1) & slots.mask
    const at = slot * SLOT_WORDS
    if (slots.words[at + END] === 0) slots.filled += 1
    slots.words.set(wanted, at)
    slots.words[at + END] = end
  }

  function lives(end: number): boolean {
    return end !== 0 && end >= forgottenBefore
  }

  function makeRoom(): void {
    const { words } = table
    let living = 0
    for (let at = END; at < words.length; at += SLOT_WORDS) if (lives(words[at] as number)) living += 1
    table = createSlots(atLeast(firstSlots, (2 * living) / MOST_FILLED))
    for (let at = 0; at < words.length; at += SLOT_WORDS) {
      const end = words[at + END] as number
      if (!lives(end)) continue
      wanted.set(words.subarray(at, at + END))
      putWanted(table, end)
    }
  }

  return {
    has(name) {
      mixInto(wanted, name)
      return holdsWanted()
    },
    add(name, expiresAt) {
      if (table.filled >= table.words.length * (MOST_FILLED / SLOT_WORDS)) makeRoom()
      mixInto(wanted, name)
      putWanted(table, Math.min(Math.max(Math.ceil(expiresAt), 1), LATEST_END))
    },
    forgetExpired(now) {
      forgottenBefore = now
    },
  }
}

interface Slots {
  readonly words: Uint32Array
  readonly mask: number
  /** Slots that ever held a name */
  filled: number
}

function createSlots(count: number): Slots {
  return { words: new Uint32Array(count * SLOT_WORDS), mask: count - 1, filled: 0 }
}

/** @returns `least`, a power of two, doubled until it is no less than `wanted` */
function atLeast(least: number, wanted: number): number {
  let count = least
  while (count < wanted) count *= 2
  return count
}

function isAt(words: Uint32Array, at: number, name: Uint32Array): boolean {
  return (
    words[at] === name[0] &&
    words[at + 1] === name[1] &&
    words[at + 2] === name[2] &&
    words[at + 3] === name[3]
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
