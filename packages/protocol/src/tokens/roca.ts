// Detects RSA keys of the faulty generator of CVE-2017-15361 (ROCA), whose factors can be computed. Both primes, and
// therefore the modulus, are powers of 65537 modulo many small primes; any other residue rules that generator out. It
// only uses the modulus, and factors nothing. The false positive rate is below one in 100 million.

const GENERATOR = 65_537
const LARGEST_PRIME = 167
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

const PRIMES: readonly number[] = listOddPrimes(LARGEST_PRIME)
const POWERS = new Map(PRIMES.map((prime) => [prime, listPowers(prime)]))

/** @param modulus - as in a JWK, base64url without padding */
export function isRocaModulus(modulus: string): boolean {
  const n = readNumber(modulus)
  return PRIMES.every((prime) => POWERS.get(prime)?.has(Number(n % BigInt(prime))) === true)
}

function listOddPrimes(last: number): readonly number[] {
  const primes: number[] = []
  for (let number = 3; number <= last; number += 2)
    if (primes.every((prime) => number % prime !== 0)) primes.push(number)
  return primes
}

function listPowers(prime: number): ReadonlySet<number> {
  const powers = new Set<number>()
  for (let power = 1; !powers.has(power); power = (power * GENERATOR) % prime) powers.add(power)
  return powers
}

function readNumber(base64url: string): bigint {
  let number = 0n
  for (const character of base64url) number = number * 64n + BigInt(ALPHABET.indexOf(character))
  // The last character contains bits beyond the last byte.
  return number >> BigInt((base64url.length * 6) % 8)
}
