import { GichoError } from '@gicho/core'

/**
 * The address of a file on a mirror; in a page, a mirror may be relative to the page.
 *
 * @throws GichoError `bad-argument` when it isn't an http or https address
 */
export function mirrorUrl(mirror: string, fileName: string): string {
  const slash = mirror.endsWith('/') ? '' : '/'
  const address = mirror.includes('{file}') ? mirror.replaceAll('{file}', fileName) : mirror + slash + fileName
  const url = parse(address)
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw new GichoError(
      'bad-argument',
      `mirrors: expected http or https addresses, got "${mirror}". Name a folder ("https://host/mnist/") or a pattern with {file}.`,
    )
  }
  return url.href
}

function parse(address: string): URL | undefined {
  const page: string | undefined = globalThis.location?.href
  try {
    return new URL(address, page)
  } catch {
    return undefined
  }
}
