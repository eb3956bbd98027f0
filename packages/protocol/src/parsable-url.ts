// Whether a text is a URL for the platform, which pure code cannot ask: no pattern knows its rules for ports, IPv6
// addresses and international names.
import { z } from 'zod'

const zUrl = z.url()

/** Like `URL.canParse`. */
export function isParsableUrl(text: string): boolean {
  return zUrl.safeParse(text).success
}
