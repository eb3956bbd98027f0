/** @returns undefined for what is no JSON, which fits no schema of an export */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
