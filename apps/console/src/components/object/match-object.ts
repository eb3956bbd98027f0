// Which object a text names. Pure, so that typing, leaving the field and pressing Enter all follow the same rule.
export interface AnyItem {
  readonly id: string
  readonly name?: string | undefined
  readonly username?: string
  /** Both apps of a connection */
  readonly app?: string
  readonly resourceApp?: string
}

/** An object with the name that users see. */
export interface Named {
  readonly item: AnyItem
  readonly label: string
}

/** @returns the object whose ID, username or name is the text, ignoring case; undefined if none or several match */
export function findByName(objects: readonly Named[], typed: string): Named | undefined {
  const wanted = normalize(typed)
  if (wanted === '') return undefined
  // An ID or username is unique, so it wins over a name that equals it.
  const exact = objects.find(({ item }) => [item.id, item.username].some((one) => normalize(one) === wanted))
  if (exact !== undefined) return exact
  const named = objects.filter(({ label }) => normalize(label) === wanted)
  return named.length === 1 ? named[0] : undefined
}

/** @returns the object that a text names, or the only one that it matches. @param matches - of the text */
export function findExactMatch(matches: readonly Named[], typed: string): Named | undefined {
  const only = matches.length === 1 && normalize(typed) !== '' ? matches[0] : undefined
  return findByName(matches, typed) ?? only
}

/** @returns the objects with the text somewhere in ID, username or name */
export function filterNamed(objects: readonly Named[], typed: string): readonly Named[] {
  const wanted = normalize(typed)
  return objects.filter(({ item, label }) =>
    [item.id, item.username, label].some((one) => normalize(one).includes(wanted)),
  )
}

function normalize(text = ''): string {
  return text.trim().toLowerCase()
}
