// Maps that share entries with their previous version, so that a change among a hundred thousand entries copies none of
// them. Immutable, and so must be the maps they are based on.

/** With more changes the entries are copied: every lookup checks the changes first. */
const MAX_CHANGES = 1_000

/** Methods that a read-only map derives from its keys. */
export abstract class DerivedMap<V> implements ReadonlyMap<string, V> {
  abstract readonly size: number
  abstract get(key: string): V | undefined
  abstract has(key: string): boolean
  protected abstract listKeys(): readonly string[]

  keys(): MapIterator<string> {
    return this.listKeys().values()
  }

  *entries(): MapIterator<[string, V]> {
    for (const key of this.keys()) yield [key, this.get(key) as V]
  }

  *values(): MapIterator<V> {
    for (const key of this.keys()) yield this.get(key) as V
  }

  [Symbol.iterator](): MapIterator<[string, V]> {
    return this.entries()
  }

  forEach(callback: (value: V, key: string, map: ReadonlyMap<string, V>) => void): void {
    for (const [key, value] of this.entries()) callback(value, key, this)
  }
}

/** A map with some entries changed, added, or removed if undefined. */
class PatchedMap<V> extends DerivedMap<V> {
  readonly base: ReadonlyMap<string, V>
  readonly changes: ReadonlyMap<string, V | undefined>
  readonly size: number

  constructor(base: ReadonlyMap<string, V>, changes: ReadonlyMap<string, V | undefined>) {
    super()
    this.base = base
    this.changes = changes
    let size = base.size
    for (const [key, value] of changes) size += Number(value !== undefined) - Number(base.has(key))
    this.size = size
  }

  get(key: string): V | undefined {
    return this.changes.has(key) ? this.changes.get(key) : this.base.get(key)
  }

  has(key: string): boolean {
    return this.changes.has(key) ? this.changes.get(key) !== undefined : this.base.has(key)
  }

  /** If the keys of the base are sorted, the result is sorted too. */
  protected listKeys(): readonly string[] {
    const added = [...this.changes.keys()].filter((key) => this.has(key) && !this.base.has(key))
    added.sort(byCodeUnits)
    const keys: string[] = []
    let next = 0
    for (const key of this.base.keys()) {
      for (let first = added[next]; first !== undefined && first < key; first = added[(next += 1)])
        keys.push(first)
      if (!this.changes.has(key) || this.has(key)) keys.push(key)
    }
    keys.push(...added.slice(next))
    return keys
  }
}

/** One map in front of another. */
class LayeredMap<V> extends DerivedMap<V> {
  readonly back: ReadonlyMap<string, V>
  readonly front: ReadonlyMap<string, V>
  readonly size: number

  constructor(back: ReadonlyMap<string, V>, front: ReadonlyMap<string, V>) {
    super()
    this.back = back
    this.front = front
    this.size = front.size + [...back.keys()].filter((key) => !front.has(key)).length
  }

  get(key: string): V | undefined {
    return this.front.get(key) ?? this.back.get(key)
  }

  has(key: string): boolean {
    return this.front.has(key) || this.back.has(key)
  }

  protected listKeys(): readonly string[] {
    return [...this.back.keys(), ...[...this.front.keys()].filter((key) => !this.back.has(key))]
  }
}

/**
 * @param changes - undefined removes an entry
 * @returns the map with the changes; its keys stay sorted if they were
 */
export function patchMap<V>(
  map: ReadonlyMap<string, V>,
  changes: Iterable<readonly [string, V | undefined]>,
): ReadonlyMap<string, V> {
  const { base, changes: before } = partsOf(map)
  const next = new PatchedMap(base, new Map([...before, ...changes]))
  if (next.changes.size === 0) return map
  return next.changes.size > Math.min(MAX_CHANGES, base.size) ? new Map(next) : next
}

/** @returns both maps as one; `front` takes precedence */
export function layerMaps<V>(
  back: ReadonlyMap<string, V>,
  front: ReadonlyMap<string, V>,
): ReadonlyMap<string, V> {
  if (front.size === 0) return back
  return back.size === 0 ? front : new LayeredMap(back, front)
}

/** @returns the keys that only one map has, or whose values differ */
export function findDifferences<V>(
  before: ReadonlyMap<string, V>,
  now: ReadonlyMap<string, V>,
): readonly string[] {
  if (before === now) return []
  const unshared = findUnshared(before, now)
  if (unshared !== undefined) return [...unshared].filter((key) => before.get(key) !== now.get(key))
  const changed: string[] = []
  for (const [key, value] of now) if (before.get(key) !== value) changed.push(key)
  for (const key of before.keys()) if (!now.has(key)) changed.push(key)
  return changed
}

/** @returns the only keys whose values may differ; undefined if the maps share nothing */
function findUnshared<V>(
  before: ReadonlyMap<string, V>,
  now: ReadonlyMap<string, V>,
): ReadonlySet<string> | undefined {
  if (before instanceof LayeredMap && now instanceof LayeredMap && before.back === now.back)
    return findUnshared<V>(before.front as ReadonlyMap<string, V>, now.front as ReadonlyMap<string, V>)
  const [one, other] = [partsOf(before), partsOf(now)]
  if (one.base !== other.base) return undefined
  return new Set([...one.changes.keys(), ...other.changes.keys()])
}

function partsOf<V>(map: ReadonlyMap<string, V>): Pick<PatchedMap<V>, 'base' | 'changes'> {
  return map instanceof PatchedMap ? (map as PatchedMap<V>) : { base: map, changes: new Map() }
}

function byCodeUnits(one: string, other: string): number {
  return one < other ? -1 : 1
}
