// Options that take a whole number within bounds.
import { InvalidArgumentError } from 'commander'

/** @returns a parser of an option that takes a whole number in these bounds */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text)
    if (!/^\d+$/.test(text) || number < least || number > most)
      throw new InvalidArgumentError(`Write a whole number from ${least} to ${most}.`)
    return number
  }
}
