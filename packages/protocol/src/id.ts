/** Prefixes of identifiers, so that an id names its kind wherever it turns up. */
export type Id<Prefix extends string> = `${Prefix}_${string}`
