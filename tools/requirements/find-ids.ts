// Finds requirement ids in a test title: single ids, ranges ("RAS-29 to RAS-32", "DPOP-10…12") and lists ("RAS-18/19").

const ID = String.raw`\b([A-Z]{2,4})-(\d{2})\b`
const MORE = String.raw`(?:\s*(?:to|…|\.\.\.|–)\s*(?:\1-)?(\d{2})\b|((?:/\d{2}\b)+))?`

/** @returns each id once, in order of appearance; ids of unknown areas are ignored */
export function findIds(text: string, areas: readonly string[]): readonly string[] {
  const found = [...text.matchAll(new RegExp(ID + MORE, 'g'))].flatMap(([, area = '', from = '', to, list]) =>
    areas.includes(area) ? expand(area, from, { to, list }) : [],
  )
  return [...new Set(found)]
}

function expand(
  area: string,
  from: string,
  { to, list }: { to: string | undefined; list: string | undefined },
): string[] {
  const numbers = to === undefined ? [from, ...(list ?? '').split('/').slice(1)] : range(from, to)
  return numbers.map((number) => `${area}-${number}`)
}

function range(from: string, to: string): string[] {
  const length = Math.max(0, Number(to) - Number(from)) + 1
  return Array.from({ length }, (_, step) => String(Number(from) + step).padStart(2, '0'))
}
