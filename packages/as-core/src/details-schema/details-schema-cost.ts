// Computes the maximum cost of checking a value against a JSON Schema, without checking it. A schema of a few lines may
// require more steps than any server can run (`anyOf` over references that fork repeatedly), so there are two limits:
// one for the schema when it is defined, and one for each value before it is checked.
import { isObject } from '@crosswalk/protocol'
import { RE2JS } from 're2js'

import { listSubschemas, listSchemas, resolveReference, type Schema } from './details-schema-parts.ts'

/** Steps allowed for checking one value; at worst about a tenth of a second. */
const MAX_STEPS = 20_000
/** Characters of a value times states of the patterns they are matched against. */
const MAX_PATTERN_STEPS = 500_000
/** For all patterns of a schema together: characters as written, and states once repetitions are expanded. */
const MAX_PATTERNS = { characters: 2_000, states: 10_000 }
/** No legitimate details are nested deeper, and each level is a function call. */
const MAX_LEVELS = 32
/** A long list of names or values counts as one more step per this many entries. */
const NAMES_PER_STEP = 50
/** `uniqueItems` compares items with each other. */
const COMPARISONS_PER_STEP = 20

export interface SchemaCost {
  /** Maximum number of schemas that apply to any one place of a value */
  readonly steps: number
  /** Maximum number of pattern states that each character of a string is matched against */
  readonly patternStates: number
  readonly comparesItems: boolean
}

/**
 * @param schema - without circular references (see `findSchemaProblem`)
 * @returns undefined if even the smallest value, an object with a type, is too expensive to check
 */
export function estimateCost(schema: Schema): SchemaCost | undefined {
  const all = listSchemas(schema)
  const sizes = sizePatterns(all.flatMap(patternsOf))
  if (sizes === undefined) return undefined
  const statesOf = (one: Schema) => patternsOf(one).reduce((sum, text) => sum + (sizes.get(text) ?? 0), 0)
  const cost = {
    steps: findMost(schema, stepsOf),
    patternStates: findMost(schema, statesOf),
    comparesItems: all.some(({ uniqueItems }) => uniqueItems === true),
  }
  return isAffordable({ type: 'type' }, cost) ? cost : undefined
}

type Weigh = (schema: Schema) => number

function findMost(root: Schema, weigh: Weigh): number {
  const known = new Map<Schema, number[]>()
  /** Cost of one schema at a depth below the place where it applies; computed once per schema and depth. */
  const reckon = (schema: Schema, level: number): number => {
    const levels = known.get(schema) ?? []
    known.set(schema, levels)
    return (levels[level] ??= Math.min(sumUp(schema, level), Number.MAX_SAFE_INTEGER))
  }
  const sum = (schemas: readonly Schema[], level: number) =>
    schemas.reduce((total, one) => total + reckon(one, level), 0)
  const most = (schemas: readonly Schema[], level: number) =>
    schemas.reduce((found, one) => Math.max(found, reckon(one, level)), 0)
  const sumUp = (schema: Schema, level: number): number => {
    const target = resolveReference(root, schema['$ref'])
    const same = listSubschemas(schema, 'same')
    const here = sum(isObject(target) ? [...same, target] : same, level)
    if (level === 0) return here + weigh(schema)
    // A member has one name and an item one index, so only one of the named schemas applies to it.
    return (
      here +
      sum(listSubschemas(schema, 'each'), level - 1) +
      most(listSubschemas(schema, 'single'), level - 1)
    )
  }
  return Math.max(...Array.from({ length: MAX_LEVELS + 1 }, (_, level) => reckon(root, level)))
}

function stepsOf({ enum: values, required, dependentRequired }: Schema): number {
  const lists = [values, required, ...(isObject(dependentRequired) ? Object.values(dependentRequired) : [])]
  const names = lists.reduce<number>((total, list) => total + (Array.isArray(list) ? list.length : 0), 0)
  return 1 + Math.floor(names / NAMES_PER_STEP)
}

function patternsOf({ pattern, patternProperties }: Schema): readonly string[] {
  const names = isObject(patternProperties) ? Object.keys(patternProperties) : []
  return typeof pattern === 'string' ? [pattern, ...names] : names
}

/** @returns the states of each pattern; undefined if they are too many together */
function sizePatterns(patterns: readonly string[]): ReadonlyMap<string, number> | undefined {
  if (patterns.reduce((sum, { length }) => sum + length, 0) > MAX_PATTERNS.characters) return undefined
  const sizes = new Map<string, number>()
  let states = 0
  for (const pattern of new Set(patterns)) {
    const size = sizeOf(pattern)
    states += size
    // Stop here: compiling the next pattern costs time, too.
    if (states > MAX_PATTERNS.states) return undefined
    sizes.set(pattern, size)
  }
  return sizes
}

function sizeOf(pattern: string): number {
  try {
    return RE2JS.compile(RE2JS.translateRegExp(pattern)).programSize()
  } catch {
    // Compiling the schema refuses invalid patterns.
    return 0
  }
}

/** @returns whether checking the value stays within limits, without checking it */
export function isAffordable(value: unknown, { steps, patternStates, comparesItems }: SchemaCost): boolean {
  const size = measure(value, steps)
  if (size === undefined) return false
  const comparisons = comparesItems ? (size.places * size.places) / COMPARISONS_PER_STEP : 0
  return (
    size.places * steps + comparisons <= MAX_STEPS && size.characters * patternStates <= MAX_PATTERN_STEPS
  )
}

/** @returns undefined if the value is too deep or has too many places */
function measure(
  value: unknown,
  steps: number,
): { readonly places: number; readonly characters: number } | undefined {
  let [places, characters] = [0, 0]
  let level: readonly unknown[] = [value]
  for (let depth = 0; level.length > 0; depth += 1) {
    places += level.length
    if (depth > MAX_LEVELS || places * steps > MAX_STEPS) return undefined
    for (const one of level) if (typeof one === 'string') characters += one.length
    for (const one of level)
      if (isObject(one)) characters += Object.keys(one).reduce((sum, name) => sum + name.length, 0)
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []))
  }
  return { places, characters }
}
