import type { Plugin } from 'vite'

/** With these a page may share memory between threads. */
export const isolationHeaders: Readonly<Record<string, string>> = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

/**
 * What the built page may load: its own files. WebAssembly may be compiled, no text is ever run as code; tfjs' threads
 * start from blobs, and pictures are made here.
 */
const policy: Readonly<Record<string, string>> = {
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'worker-src': "'self' blob:",
  'style-src': "'self'",
  'img-src': "'self' blob: data:",
  'media-src': "'self' blob:",
  'connect-src': "'self'",
  'manifest-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
}

function textOf(directives: Readonly<Record<string, string>>): string {
  return Object.entries(directives)
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ')
}

/**
 * What the built site is served with, by `vite preview` and by the service worker. A worker has the policy of its own answer, not the
 * page's, so every answer carries one. In it tfjs' threads may load themselves from a blob; the page may not, since it is held to the
 * policy in its own text as well.
 */
export const siteHeaders: Readonly<Record<string, string>> = {
  ...isolationHeaders,
  'Content-Security-Policy': textOf({ ...policy, 'script-src': `${policy['script-src']} blob:` }),
}

/** Writes the policy into the built page, for hosts that send no headers; while developing, Vite needs inline scripts. */
export function contentSecurity(): Plugin {
  return {
    name: 'content-security',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: textOf(policy) },
        injectTo: 'head-prepend',
      },
    ],
  }
}
