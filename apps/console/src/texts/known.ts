// The texts that are loaded, by code. Those that only a few pages show are loaded with them, so that the first page
// stays small.
const known = new Map<string, string>()

export function addTexts(texts: Readonly<Record<string, string>>): void {
  for (const [code, words] of Object.entries(texts)) known.set(code, words)
}

export function findText(code: string): string | undefined {
  return known.get(code)
}
