// Hides user name and password of URLs in text that is shown or stored.

/** From the end of the scheme; a scheme of any length before it would have to be searched from each of its characters. */
const URLS = /:\/\/\S*/g

/** @returns the text without what stands before the `@` of a host; a text that is no URL may have it anywhere */
export function hideUserInfo(text: string): string {
  return text.replaceAll(URLS, (url) =>
    url.replace(URL.canParse(`https${url}`) ? /^:\/\/[^/?#]*@/ : /^:\/\/.*@/, '://…@'),
  )
}
