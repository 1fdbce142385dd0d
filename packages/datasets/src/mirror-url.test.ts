import { afterEach, expect, test, vi } from 'vitest'
import { mirrorUrl } from './mirror-url.ts'

afterEach(() => vi.unstubAllGlobals())

test('a mirror is a folder or a pattern', () => {
  expect(mirrorUrl('https://host/mnist', 'a.gz')).toBe('https://host/mnist/a.gz')
  expect(mirrorUrl('https://host/mnist/', 'a.gz')).toBe('https://host/mnist/a.gz')
  expect(mirrorUrl('https://host/o/mnist%2F{file}?alt=media', 'a.gz')).toBe('https://host/o/mnist%2Fa.gz?alt=media')
})

test('in a page a mirror may be relative', () => {
  vi.stubGlobal('location', { href: 'https://me.example/lesson/' })
  expect(mirrorUrl('/data', 'a.gz')).toBe('https://me.example/data/a.gz')
})

test.each(['/data', 'ftp://host/', 'host', ''])('the mirror "%s" is refused', (mirror) => {
  expect(() => mirrorUrl(mirror, 'a.gz')).toThrow(
    `mirrors: expected http or https addresses, got "${mirror}". Name a folder ("https://host/mnist/") or a pattern with {file}.`,
  )
})
