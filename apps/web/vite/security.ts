import type { Plugin } from 'vite'

type Headers = Readonly<Record<string, string>>

/** With these a page may share memory between threads. */
export const isolationHeaders: Headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

/**
 * What the built page may load: its own files. WebAssembly may be compiled, no text is ever run as code; tfjs' threads
 * start from blobs, and pictures are made here.
 */
const policy: Headers = {
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

/** What a page may ask of the machine: the camera, which lessons read, and nothing else. */
const permissions: Headers = {
  camera: '(self)',
  ...Object.fromEntries(
    ['display-capture', 'geolocation', 'hid', 'microphone', 'midi', 'payment', 'serial', 'usb'].map((name) => [
      name,
      '()',
    ]),
  ),
}

function textOf(directives: Headers, between: string, after: string): string {
  return Object.entries(directives)
    .map(([directive, sources]) => directive + between + sources)
    .join(after)
}

/**
 * What the built site is served with: by `vite preview`, by the service worker, and by hosts that read `_headers`. A worker has the policy
 * of its own answer, not the page's, so every answer carries one. In it tfjs' threads may load themselves from a blob; the page may not,
 * since it is held to the policy in its own text as well. Who may frame the page is heeded in a header alone.
 */
export const siteHeaders: Headers = {
  ...isolationHeaders,
  'Content-Security-Policy': textOf(
    { ...policy, 'script-src': `${policy['script-src']} blob:`, 'frame-ancestors': "'none'" },
    ' ',
    '; ',
  ),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy': textOf(permissions, '=', ', '),
}

/**
 * Writes the policies into the built page, for hosts that send no headers; while developing, Vite needs inline scripts. Beside it lies
 * `_headers`, which hosts as Netlify and Cloudflare Pages read.
 */
export function contentSecurity(): Plugin {
  return {
    name: 'content-security',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: textOf(policy, ' ', '; ') },
        injectTo: 'head-prepend',
      },
      {
        tag: 'meta',
        attrs: { name: 'referrer', content: siteHeaders['Referrer-Policy'] ?? '' },
        injectTo: 'head-prepend',
      },
    ],
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: '_headers', source: `/*\n  ${textOf(siteHeaders, ': ', '\n  ')}\n` })
    },
  }
}
