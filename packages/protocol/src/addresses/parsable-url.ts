// Whether a text is a URL: no pattern knows the rules for ports, IPv6 addresses and international names.

/** All that pure code uses of the platform; the answer depends on the text alone. */
declare const URL: { canParse(text: string): boolean }

export function isParsableUrl(text: string): boolean {
  return URL.canParse(text)
}
