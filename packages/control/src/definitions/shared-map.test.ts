// A map with shared entries equals the map that copying would give.
import * as fc from 'fast-check'
import { expect, it } from 'vitest'

import { findDifferences, layerMaps, patchMap } from './shared-map.ts'

const zKey = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
const zEntries = fc.array(fc.tuple(zKey, fc.nat(3)), { maxLength: 6 })
const zChanges = fc.array(fc.tuple(zKey, fc.option(fc.nat(3), { nil: undefined })), { maxLength: 3 })

function sorted<V>(entries: Iterable<readonly [string, V]>): ReadonlyMap<string, V> {
  return new Map([...new Map(entries)].toSorted(([one], [other]) => (one < other ? -1 : 1)))
}

function copyWith<V>(map: ReadonlyMap<string, V>, changes: readonly (readonly [string, V | undefined])[]) {
  const next = new Map(map)
  for (const [key, value] of changes)
    if (value === undefined) next.delete(key)
    else next.set(key, value)
  return sorted(next)
}

function show<V>(map: ReadonlyMap<string, V>) {
  const seen: (readonly [string, V])[] = []
  map.forEach((value, key) => seen.push([key, value]))
  return {
    ...{ entries: [...map], keys: [...map.keys()], values: [...map.values()], size: map.size, seen },
    asked: ['a', 'b', 'c', 'd', 'e', 'f'].map((key) => [map.has(key), map.get(key)]),
  }
}

it('patches like a copy, in key order, without changing the original', () => {
  const property = fc.property(zEntries, fc.array(zChanges, { maxLength: 5 }), (entries, rounds) => {
    let plain = sorted(entries)
    let shared = plain
    for (const changes of rounds) {
      const [plainBefore, before] = [plain, shared]
      plain = copyWith(plain, changes)
      shared = patchMap(shared, changes)
      expect(show(shared)).toEqual(show(plain))
      expect(show(before)).toEqual(show(plainBefore))
    }
  })
  fc.assert(property)
})

it('layers like a copy, with the front taking precedence', () => {
  const property = fc.property(zEntries, zEntries, zChanges, (back, front, changes) => {
    const [one, other] = [sorted(back), patchMap(sorted(front), changes)]
    expect(show(layerMaps(one, other))).toEqual(show(new Map([...one, ...other])))
  })
  fc.assert(property)
})

it('finds every key that differs, whatever two maps share', () => {
  const property = fc.property(zEntries, zEntries, zChanges, zChanges, (back, entries, some, more) => {
    const base = sorted(entries)
    const [behind, empty] = [sorted(back), sorted<number>([])]
    const variants = [base, patchMap(base, some), patchMap(base, more), patchMap(empty, more)]
    const maps = [...variants, ...variants.map((it) => layerMaps(behind, it))]
    for (const before of maps)
      for (const now of maps) {
        const keys = new Set([...before.keys(), ...now.keys()])
        const differing = [...keys].filter((key) => before.get(key) !== now.get(key))
        expect([...findDifferences(before, now)].toSorted()).toEqual(differing.toSorted())
      }
  })
  fc.assert(property, { numRuns: 50 })
})

it('copies once there are too many changes', () => {
  const base = new Map(Array.from({ length: 5_000 }, (_, index) => [String(index), index]))
  let map: ReadonlyMap<string, number> = base
  for (let index = 0; index < 2_500; index += 1) map = patchMap(map, [[String(index), -1]])
  expect(map.size).toBe(5_000)
  expect([...map.values()].filter((value) => value === -1)).toHaveLength(2_500)
})
