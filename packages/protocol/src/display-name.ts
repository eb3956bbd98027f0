// Names shown to users, even if strangers chose them: visible, on one line, and without effect on the surrounding text.
// A name that is also an identifier, such as a user name or a group, is refused instead of cleaned, since the cleaned
// name could be another user's or group's.
import { isText } from './finding.ts'

const BREAKS = /[\p{Cc}\u2028\u2029]/gu
/** Letters that joiners reshape. */
const JOINED = String.raw`\p{sc=Arab}\p{sc=Syrc}\p{sc=Nkoo}\p{sc=Mong}\p{sc=Deva}\p{sc=Beng}\p{sc=Guru}\p{sc=Gujr}\p{sc=Orya}\p{sc=Taml}\p{sc=Telu}\p{sc=Knda}\p{sc=Mlym}\p{sc=Sinh}`
/** The Arabic letter mark counts as Arabic. */
const RIGHT_TO_LEFT = /(?!\u061c)[\p{sc=Hebr}\p{sc=Arab}\p{sc=Syrc}\p{sc=Thaa}\p{sc=Nkoo}]/u
/** They change what users see only beside text that runs from right to left. */
const DIRECTION_MARKS = String.raw`[\u061c\u200e\u200f]`
/** Where other invisible characters change it. */
const MEANINGFUL = [
  String.raw`(?<=[${JOINED}])[\u200c\u200d]`,
  String.raw`(?<=[\p{ExtPict}\p{EMod}\ufe0f])\u200d(?=\p{ExtPict})`,
  String.raw`(?<=\p{ExtPict})[\ufe0e\ufe0f]`,
  String.raw`(?<=\p{sc=Han})[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]`,
  String.raw`(?<=\p{sc=Mong})[\u180b-\u180d\u180f]`,
]
/**
 * A name with an invisible character looks like another user's, and embeddings, overrides and isolates reverse the
 * surrounding text.
 */
const [INVISIBLE, INVISIBLE_IN_BOTH_DIRECTIONS] = [MEANINGFUL, [...MEANINGFUL, DIRECTION_MARKS]].map(
  (meaningful) => new RegExp(String.raw`(?!${meaningful.join('|')})\p{Default_Ignorable_Code_Point}`, 'gu'),
) as [RegExp, RegExp]
/** A blank braille pattern counts as a symbol. */
const VISIBLE = /(?!\u2800)[\p{L}\p{N}\p{P}\p{S}]/u

export function isDisplayName(value: unknown, maximumLength: number): value is string {
  return isText(value, maximumLength) && clean(value) === value && VISIBLE.test(value)
}

/** In time that grows linearly with the length: strangers choose it, and no pattern looks along the whole text. */
function clean(text: string): string {
  const line = text.replaceAll(BREAKS, ' ')
  return line.replaceAll(RIGHT_TO_LEFT.test(line) ? INVISIBLE_IN_BOTH_DIRECTIONS : INVISIBLE, '')
}

/** @returns one form of all spellings that look like the same name; for comparing, not for finding users */
export function foldName(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase()
}

/** Whether a user who typed this means the name, in any case: keyboards compose accents, and forms cut spaces off. */
export function isTypedName(name: string, typed: string): boolean {
  return spell(name.trim()) === spell(typed)
}

function spell(name: string): string {
  return name.normalize('NFC').toLowerCase()
}

/**
 * Cleans a name from another system that is only shown: it must never make a sign-in or deactivation fail.
 *
 * @returns the name without disruptive characters; undefined if nothing visible is left
 */
export function toDisplayName(value: unknown, maximumLength: number): string | undefined {
  if (typeof value !== 'string') return undefined
  const plain = clean(value)
  const name = (plain === value ? value : plain.replaceAll(/\s+/g, ' ')).trim()
  const short = cutText(name, maximumLength)
  return VISIBLE.test(short) ? short : undefined
}

/** @returns at most this many characters of a text, without half of a surrogate pair at the end, which databases and URLs cannot hold */
export function cutText(text: string, maximumLength: number): string {
  return text.slice(0, maximumLength).replace(/[\uD800-\uDBFF]$/, '')
}
