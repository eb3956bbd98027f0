import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { createMarkTable, type MarkTable } from './mark-table.ts'

/** Small, so that a few dozen names fill it, make it grow, and meet in one slot. */
const FEW_SLOTS = 4

/** Looks as a caller must: by taking it, and giving back what was free. */
function isTaken(table: MarkTable, name: string): boolean {
  if (!table.take(name, 1e9)) return true
  table.giveBack(name)
  return false
}

describe('a table of marks', () => {
  test.each([
    ['before its end', 99, true],
    ['at its end', 100, true],
    ['after its end', 101, false],
  ])('knows a name %s', (_, now, known) => {
    const table = createMarkTable()
    table.take('id-jag a', 100)
    table.forgetExpired(now)
    expect(isTaken(table, 'id-jag a')).toBe(known)
  })

  test.each([
    ['a fraction of a second', 100.5, 100.501],
    ['no time at all', 0, 0.001],
    ['longer than numbers of 32 bits go', 2 ** 40, 2 ** 40 + 1],
  ])('keeps a name that lasts %s exactly as long', (_, expiresAt, later) => {
    const table = createMarkTable()
    table.take('a', expiresAt)
    table.forgetExpired(expiresAt)
    expect(isTaken(table, 'a')).toBe(true)
    table.forgetExpired(later)
    expect(isTaken(table, 'a')).toBe(false)
  })

  test('tells names apart that differ in one character, wherever it is', () => {
    const table = createMarkTable(FEW_SLOTS)
    const name = 'id-jag 2YHJ9mrp2mzw1MVuBIBIBejrooBkqxB0KBWVeDd0C8M'
    table.take(name, 100)
    for (let index = 0; index < name.length; index += 1)
      expect(isTaken(table, `${name.slice(0, index)}+${name.slice(index + 1)}`)).toBe(false)
    expect([isTaken(table, name.slice(1)), isTaken(table, `${name}A`), isTaken(table, name)]).toEqual([
      false,
      false,
      true,
    ])
  })

  test('says of a hundred thousand digests exactly what it was told', () => {
    const table = createMarkTable()
    const names = Array.from({ length: 100_000 }, (_, number) => `dpop ${number}`)
    for (const [index, name] of names.entries()) if (index % 2 === 0) table.take(name, 100)
    expect(names.filter((name) => isTaken(table, name))).toEqual(names.filter((_, index) => index % 2 === 0))
  })

  test('RAS-19: answers as a map would, whatever comes, ends and makes it grow', () => {
    const name = fc.integer({ min: 0, max: 60 }).map((number) => `id-jag ${number}`)
    const step = fc.oneof(
      fc.record({ take: name, lasts: fc.integer({ min: 0, max: 20 }) }),
      fc.record({ giveBack: name }),
      fc.record({ passes: fc.integer({ min: 0, max: 5 }) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const table = createMarkTable(FEW_SLOTS)
        const model = new Map<string, number>()
        let now = 1_000
        for (const each of steps) {
          if ('passes' in each) {
            now += each.passes
            table.forgetExpired(now)
            for (const [known, end] of model) if (end < now) model.delete(known)
          } else if ('giveBack' in each) {
            table.giveBack(each.giveBack)
            model.delete(each.giveBack)
          } else {
            expect(table.take(each.take, now + each.lasts)).toBe(!model.has(each.take))
            if (!model.has(each.take)) model.set(each.take, now + each.lasts)
          }
          for (let number = 0; number <= 60; number += 1)
            expect(isTaken(table, `id-jag ${number}`)).toBe(model.has(`id-jag ${number}`))
        }
      }),
    )
  })
})
