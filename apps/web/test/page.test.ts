/* The built site in a real browser, as a learner uses it; quick. What takes longer is in proofs.mjs. */
import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import '@tensorflow/tfjs-backend-cpu'
import { unitRange } from '@gicho/core'
import { toFiles } from '@gicho/models'
import * as tfl from '@tensorflow/tfjs-layers'
import axe from 'axe-core'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { draw, runStep, SEVEN, startTraining, trainingEnds } from './lesson.ts'
import { longestTask } from './main-thread.ts'
import { type Opened, openPage, openSite, type Site } from './site.ts'

let site: Site
let context: BrowserContext

beforeAll(async () => {
  vi.stubEnv('GICHO_ASL_DIR', '') // the site is not to serve the photos
  site = await openSite()
  context = await site.context({ viewport: { width: 1280, height: 900 } })
}, 60_000)
afterAll(() => site?.close())

function open(hash: string): Promise<Opened> {
  return openPage(site, context, hash)
}

/** Ends when everything that fades in is there: half of it has half of its contrast. */
const FADED_IN = `Promise.all(document.getAnimations()
  .filter(({ effect }) => effect.getComputedTiming().iterations !== Infinity)
  .map(({ finished }) => finished.catch(() => undefined))).then(() => undefined)`

/** Serious violations that axe finds, and those of names and headers. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(FADED_IN)
  await page.evaluate(axe.source) // by way of the debugger: the page's policy allows no other script
  const found = await page.evaluate<{ impact: string; id: string; nodes: { html: string }[] }[]>(
    'axe.run().then((result) => result.violations)',
  )
  return found
    .filter(({ impact, id }) => /serious|critical/.test(impact) || /^(landmark|empty)-/.test(id))
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`)
}

/** A picture of one pixel. */
const DOT = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** The files of a sound model that takes five numbers, and no picture. */
async function modelWithoutPictures(): Promise<{ name: string; mimeType: string; buffer: Buffer }[]> {
  const model = tfl.sequential({ layers: [tfl.layers.dense({ units: 3, inputShape: [5], activation: 'softmax' })] })
  const files = await toFiles({ model, classNames: [...'abc'], input: unitRange([5]) })
  return [...files].map(([name, bytes]) => ({
    name,
    mimeType: 'application/octet-stream',
    buffer: Buffer.from(bytes),
  }))
}

test('the first load has less than 350 kB of compressed code', { timeout: 30_000 }, async () => {
  const fresh = await site.context({ serviceWorkers: 'block' })
  const page = await fresh.newPage()
  const sizes = new Map<string, number>()
  page.on('response', async (response) => {
    const path = new URL(response.url()).pathname
    const body = await response.body().catch(() => Buffer.alloc(0))
    if (!path.startsWith('/data/')) sizes.set(path, gzipSync(body).length)
  })
  await page.goto(`${site.origin}/#/mnist`)
  await page.locator('.machine').filter({ hasText: 'Training will run' }).waitFor()
  await page.waitForLoadState('networkidle')
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  expect([...sizes.keys()].some((path) => path.includes('lesson-worker'))).toBe(true)
  expect(total).toBeLessThan(350_000)
  await fresh.close()
})

test('lesson 1 is run, trained, judged, tried and looked into', { timeout: 90_000 }, async () => {
  const { page, problems } = await open('#/mnist?epochs=2&limit=20000')
  expect(await runStep(page, 'first-image')).toContain('(20000, 28, 28)')
  expect(await runStep(page, 'build')).toContain('669,706')
  const longest = await longestTask(page, async () => {
    await startTraining(page)
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.locator('.training[data-phase=paused]').waitFor()
    await page.getByRole('button', { name: 'One step' }).click()
    await page.getByRole('button', { name: 'Go on' }).click()
    await trainingEnds(page)
  })
  expect(longest).toBeLessThan(50)
  const { epochs, valAccuracy } = await trainingEnds(page)
  expect(epochs).toBe('2/2 done')
  expect(valAccuracy).toBeGreaterThan(0.94)
  expect(await page.locator('.verdict').innerText()).toContain('limited run')
  expect(await draw(page, SEVEN)).toContain('It reads 7')
  await page.locator('.paper').press('Delete')
  await page.locator('.reading .says', { hasText: 'Nothing to read yet.' }).waitFor()
  for (const key of ['ArrowUp', 'ArrowUp', 'ArrowUp', 'ArrowUp', 'Space', ...Array(10).fill('ArrowDown')]) {
    await page.locator('.paper').press(key)
  }
  await page.locator('.reading .says', { hasText: 'It reads 1' }).waitFor()
  await page.getByRole('button', { name: 'Examine the network' }).click()
  await page.locator('.confusion').waitFor({ timeout: 20_000 })
  await page.getByRole('button', { name: 'Follow a picture' }).click()
  await page.locator('.strip').first().waitFor({ timeout: 20_000 })
  expect(await violations(page)).toEqual([])
  expect(problems).toEqual([])
  await page.close()
})

test('a tab that was closed while training goes on where it was', { timeout: 60_000 }, async () => {
  const first = await open('#/mnist?epochs=4&limit=6000&seed=5')
  await startTraining(first.page)
  await first.page.locator('.epoch', { hasText: 'Epoch 2' }).waitFor({ timeout: 30_000 })
  await first.page.close()
  const { page, problems } = await open('#/mnist')
  await page.getByRole('button', { name: 'Go on with it' }).click()
  const resumed = await trainingEnds(page)
  expect(resumed.epochs).toBe('4/4 done')
  expect(page.url()).toContain('epochs=4&seed=5&limit=6000')
  // The same run without a break ends in the same weights.
  await page.getByRole('button', { name: 'Train again' }).click()
  await page.locator('.training[data-phase=training]').waitFor()
  await page.locator('.runs tbody tr').nth(resumed.runs).waitFor({ timeout: 30_000 })
  expect((await trainingEnds(page)).valAccuracy).toBe(resumed.valAccuracy)
  expect(problems).toEqual([])
  await page.close()
})

test('the sign-language lessons run on MNIST until their data is there, and lesson 5 reads a photo', {
  timeout: 60_000,
}, async () => {
  const { page, problems } = await open('#/asl-augmented?limit=500&epochs=1')
  await page.locator('.data[data-state=missing]').waitFor()
  expect(await runStep(page, 'batch')).toContain('32 pictures')
  await page.locator('.playground summary').click()
  await page.locator('.drawn canvas').nth(17).waitFor()
  await page.goto(`${site.origin}/#/asl-deploy`)
  expect(await runStep(page, 'one-function')).toMatch(/predictImage\(photo\)\.label\s+\d/)
  expect(problems).toEqual([])
  await page.close()
})

test('the page and its workers are held to the site’s policy', { timeout: 30_000 }, async () => {
  const fresh = await site.context({ serviceWorkers: 'block' })
  const page = await fresh.newPage()
  const answers = new Map<string, Record<string, string>>()
  page.on('response', (response) => {
    const name = new URL(response.url()).pathname.replace(/-[\w-]{8}\.js$/, '')
    answers.set(name, response.headers())
  })
  await page.goto(`${site.origin}/#/mnist`)
  await page.locator('.machine').filter({ hasText: 'Training will run' }).waitFor()
  for (const path of ['/', '/assets/lesson-worker']) {
    expect(answers.get(path), path).toMatchObject({
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval' blob:;.*connect-src 'self'.*frame-ancestors 'none'/,
      ),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'permissions-policy': expect.stringMatching(/^camera=\(self\), .*microphone=\(\)/),
    })
  }
  // Hosts that read `_headers` send the same.
  const listed = await readFile(new URL('../dist/_headers', import.meta.url), 'utf8')
  for (const line of listed.trim().split('\n  ').slice(1)) {
    const [name = '', value] = line.split(/: (.*)/)
    expect(answers.get('/')?.[name.toLowerCase()], name).toBe(value)
  }
  // No text is run as code in a worker, and nothing is fetched from elsewhere. Later: what the debugger runs itself is allowed more.
  const worker = page.workers().find((each) => each.url().includes('lesson-worker'))
  const later = (code: string): string => `new Promise((answer) => setTimeout(async () => answer(await ${code}), 0))`
  const run = "(async () => new Function('return 1')())().catch((error) => error.name)"
  expect(await worker?.evaluate(later(run))).toBe('EvalError')
  expect(await worker?.evaluate(later("fetch('https://example.com').catch((error) => error.name)"))).toBe('TypeError')
  await fresh.close()
})

test('wrong files, pictures and cameras get a sentence, and nothing breaks', { timeout: 60_000 }, async () => {
  const { page, problems } = await open('#/asl-deploy')
  const give = (picker: string, name: string, content: string): Promise<void> =>
    page.locator(picker).setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) })
  const said = async (text: string): Promise<void> => {
    await page.locator('.notices .notice', { hasText: text }).first().waitFor()
    await page.locator('.notices').getByRole('button', { name: 'Dismiss' }).first().click()
  }
  await give('.data input', 'archive.zip', 'PK\u0003\u0004 cut off')
  await page.locator('.data .notice', { hasText: 'archive.zip is damaged, or was cut off' }).waitFor()
  await give('.data input', 'prices.csv', 'day,price\n1,2\n')
  await page.locator('.data .notice', { hasText: 'prices.csv is another table' }).waitFor()
  await give('.runs input', 'run.json', '{"format":"gicho-run","formatVersion":1,"recipe":"../../x"}')
  await said('damaged')
  await give('.runs input', 'model.json', '{"modelTopology":{"class_name":"Evil","config":{}},"weightsManifest":[]}')
  await said('damaged')
  await give('.photo-reader input, [data-step=photo] input', 'hand.png', 'not a picture')
  await said('damaged')
  await page.locator('.runs input').setInputFiles(await modelWithoutPictures())
  await said('Opened as run asl-deploy 1.')
  await page.locator('.photo-reader input').setInputFiles({ name: 'dot.png', mimeType: 'image/png', buffer: DOT })
  await said('The sizes don’t fit together.')
  await page.getByRole('button', { name: 'Remove asl-deploy 1' }).click()
  await page.goto(`${site.origin}/#/asl?epochs=-3&batch=x&engine=warp`)
  await said('This link says engine=warp, epochs=-3, batch=x, which can’t be.')
  await page.locator('.settings-fold summary').click()
  expect(await page.locator('.settings input[name=epochs]').inputValue()).toBe('20')
  await page.locator('.settings input[name=epochs]').fill('0')
  await page.locator('.settings input[name=epochs]').blur()
  expect(await page.locator('.settings [role=alert]').innerText()).toBe('A whole number from 1 to 200.')
  expect(problems).toEqual([])
  await page.close()
})

test('a second tab that trains is told so', { timeout: 60_000 }, async () => {
  const first = await open('#/mnist?epochs=9&limit=12000')
  await startTraining(first.page)
  const second = await open('#/mnist?epochs=1&limit=1000')
  await second.page.locator('.training .run-line button.primary').click()
  await second.page.locator('.training .notice', { hasText: 'Another tab of this page is training.' }).waitFor()
  await second.page.locator('.runs tbody tr', { hasText: 'in training' }).waitFor()
  expect(await second.page.getByRole('button', { name: 'Go on with it' }).count()).toBe(0)
  await first.page.getByRole('button', { name: 'Stop', exact: true }).click()
  expect((await trainingEnds(first.page)).epochs).toContain('interrupted')
  expect([...first.problems, ...second.problems]).toEqual([])
  await Promise.all([first.page.close(), second.page.close()])
})

test('the page is Korean for Korean browsers, and dark where that is wished', { timeout: 30_000 }, async () => {
  const korean = await site.context({ locale: 'ko-KR', colorScheme: 'dark', viewport: { width: 390, height: 844 } })
  const { page, problems } = await openPage(site, korean, '#/mnist?epochs=1&limit=6000')
  await page.getByRole('heading', { level: 1, name: '손글씨 숫자 읽기' }).waitFor()
  expect(await page.evaluate('document.documentElement.lang')).toBe('ko')
  await page.locator('.machine').filter({ hasText: '학습에 쓸 장치' }).waitFor()
  // Besides code and names, no English sentence is left.
  const texts = await page.locator('h2, .prose p, button, label > span, small, legend, summary, .faint').allInnerTexts()
  expect(texts.filter((text) => /[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}/.test(text) && !/[가-힣]/.test(text))).toEqual([])
  await startTraining(page)
  await trainingEnds(page)
  expect(await page.locator('.training > p').innerText()).toMatch(
    /^CPU 스레드 (하나|\d+개) \(gicho 컴파일 엔진, CPU\)$/,
  )
  expect(await page.locator('.runs tbody tr').first().innerText()).toContain('CPU 스레드')
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
  expect(await violations(page)).toEqual([])
  await page.goto(`${site.origin}/#/`)
  await page.getByRole('link', { name: '수업 1 시작하기' }).waitFor()
  expect(await violations(page)).toEqual([])
  await page.getByLabel('언어').selectOption('en')
  await page.getByRole('link', { name: 'Begin with lesson 1' }).waitFor()
  expect(problems).toEqual([])
  await korean.close()
})

test('where nothing can be kept the page says so, and trains all the same', { timeout: 60_000 }, async () => {
  const forgetful = await site.context({ serviceWorkers: 'block' })
  await forgetful.route('**/lesson-worker*.js', async (route) => {
    const response = await route.fetch()
    const refusing = "navigator.storage.getDirectory = () => Promise.reject(new DOMException('no', 'SecurityError'));"
    await route.fulfill({ response, body: refusing + (await response.text()) })
  })
  const { page, problems } = await openPage(site, forgetful, '#/mnist?epochs=1&limit=3000')
  await page.getByText('This browser keeps no files').first().waitFor()
  await startTraining(page)
  expect((await trainingEnds(page)).epochs).toBe('1/1 done')
  expect(problems).toEqual([])
  await forgetful.close()
})
