// Converts ECDSA signatures from X.509 form (RFC 3279 section 2.2.3: a DER sequence of two integers) to JWS form (RFC
// 7518 section 3.4: both numbers concatenated, each as long as the curve).

/** @throws TypeError for anything else */
export function convertFromDer(der: Uint8Array, coordinateBytes: number): Uint8Array {
  const sequence = readElement(der, 0, 0x30)
  const r = readElement(der, sequence.start, 0x02)
  const s = readElement(der, r.end, 0x02)
  if (sequence.end !== der.length || s.end !== sequence.end) throw malformed()
  const signature = new Uint8Array(2 * coordinateBytes)
  for (const [at, { start, end }] of [r, s].entries()) {
    const number = withoutLeadingZeros(der.subarray(start, end))
    if (number.length > coordinateBytes) throw malformed()
    signature.set(number, (at + 1) * coordinateBytes - number.length)
  }
  return signature
}

/** Lengths up to 255: longer than any signature. */
function readElement(der: Uint8Array, at: number, tag: number) {
  const isLong = der[at + 1] === 0x81
  const start = at + (isLong ? 3 : 2)
  const length = isLong ? der[at + 2] : der[at + 1]
  if (der[at] !== tag || length === undefined || (!isLong && length > 0x7f)) throw malformed()
  const end = start + length
  if (end > der.length) throw malformed()
  return { start, end }
}

function withoutLeadingZeros(number: Uint8Array): Uint8Array {
  const first = number.findIndex((byte) => byte !== 0)
  return first === -1 ? number.subarray(number.length) : number.subarray(first)
}

function malformed(): TypeError {
  return new TypeError('not an ECDSA signature in DER')
}
