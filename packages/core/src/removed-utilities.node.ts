import { createRequire } from 'node:module'

/** What Node 23 took from `util` and tfjs-node still calls (tfjs #8609). */
const REMOVED: Readonly<Record<string, (value: unknown) => boolean>> = {
  isArray: Array.isArray,
  isBoolean: (value) => typeof value === 'boolean',
  isNull: (value) => value === null,
  isNullOrUndefined: (value) => value === null || value === undefined,
  isNumber: (value) => typeof value === 'number',
  isObject: (value) => typeof value === 'object' && value !== null,
  isString: (value) => typeof value === 'string',
  isUndefined: (value) => value === undefined,
  isFunction: (value) => typeof value === 'function',
  isPrimitive: (value) => (typeof value !== 'object' && typeof value !== 'function') || value === null,
}

/** Still there in Node 24, with a warning at its first call. */
const WARNS = 'isArray'

/** Puts back what is missing, on the object that CommonJS modules get; what is there, and doesn't warn, is left alone. */
export function restoreRemovedUtilities(): void {
  const util: object = createRequire(import.meta.url)('node:util')
  for (const [name, value] of Object.entries(REMOVED)) {
    if (name === WARNS || !(name in util))
      Object.defineProperty(util, name, { value, configurable: true, writable: true })
  }
}
