import { GichoError } from '@gicho/core'

/** The smallest module: a page that can't compile it may compile none. */
const EMPTY = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)

/**
 * Checks that WebAssembly is there and that the page's policy allows it.
 *
 * @param what names the engine or backend in the message
 * @throws GichoError `unavailable`, naming the directive of the policy that is missing
 */
export function checkWasm(what: string): void {
  if (typeof WebAssembly === 'undefined') {
    throw new GichoError(
      'unavailable',
      `${what}: this runtime has no WebAssembly. Where a browser's lockdown mode switched it off, allow it for this page.`,
    )
  }
  try {
    new WebAssembly.Module(EMPTY)
  } catch (error) {
    // Each browser has words of its own for this, so the empty module tells: nothing else keeps it from being compiled.
    throw new GichoError(
      'unavailable',
      `${what}: the page's Content-Security-Policy forbids WebAssembly. Add 'wasm-unsafe-eval' to its script-src directive: ` +
        'it allows WebAssembly and no eval.',
      { cause: error },
    )
  }
}
