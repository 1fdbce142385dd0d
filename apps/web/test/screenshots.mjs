/*
 * Pictures of every page, desktop and phone, light and dark: `npm run screenshots --workspace=@gicho/web -- FOLDER [LOOK]`, after a build.
 * Those in `screenshots/` are some of them.
 * With GICHO_ASL_DIR the sign-language lessons show their own photos.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { draw, runStep, SEVEN, startTraining, trainingEnds } from './lesson.ts'
import { openPage, openSite } from './site.ts'

const folder = process.argv[2] ?? 'screenshots'
const wanted = process.argv[3] ?? ''
const looks = [
  ['desktop-light', { viewport: { width: 1280, height: 860 }, colorScheme: 'light' }],
  ['desktop-dark', { viewport: { width: 1280, height: 860 }, colorScheme: 'dark' }],
  ['phone-light', { viewport: { width: 390, height: 844 }, colorScheme: 'light' }],
  ['phone-dark', { viewport: { width: 390, height: 844 }, colorScheme: 'dark' }],
]
/** What is done on each page before it is pictured, and the places that are. */
const pages = {
  home: { hash: '', places: { top: 'main' } },
  mnist: {
    hash: '#/mnist',
    async prepare(page) {
      await startTraining(page)
      await trainingEnds(page, 240_000)
      await draw(page, SEVEN)
      await page.locator('#mnist-looking > button').click()
      await page.locator('.confusion').waitFor()
      await page.locator('.layers button').click()
      await page.locator('.strip').first().waitFor()
    },
    places: {
      top: '.lesson-head',
      picture: '[data-step=first-image] .outputs',
      training: '.training',
      verdict: '[data-step=verdict]',
      trying: '#mnist-trying',
      looking: '#mnist-looking',
    },
  },
  asl: {
    hash: '#/asl?epochs=3&limit=6000',
    prepare: (page) => runStep(page, 'pictures'),
    places: { top: '.lesson-head', pictures: '[data-step=pictures] .outputs' },
  },
  'asl-cnn': {
    hash: '#/asl-cnn?epochs=3',
    async prepare(page) {
      await startTraining(page)
      await trainingEnds(page, 240_000)
      await page.locator('.layers button').click()
      await page.locator('.strip').first().waitFor()
    },
    places: { build: '[data-step=build]', layers: '.layers' },
  },
  'asl-augmented': {
    hash: '#/asl-augmented',
    async prepare(page) {
      await runStep(page, 'batch')
      await page.locator('.playground summary').click()
      await page.locator('.drawn canvas').nth(17).waitFor()
    },
    places: { batch: '[data-step=batch] .outputs', playground: '.playground' },
  },
  'asl-deploy': {
    hash: '#/asl-deploy',
    prepare: (page) => runStep(page, 'one-function'),
    places: { photo: '[data-step=photo] .outputs', predict: '[data-step=predict] .outputs' },
  },
}

mkdirSync(folder, { recursive: true })
const site = await openSite()
for (const [look, options] of looks.filter(([look]) => look.includes(wanted))) {
  const context = await site.context(options)
  for (const [name, { hash, prepare, places }] of Object.entries(pages)) {
    const { page, problems } = await openPage(site, context, hash)
    await page.locator('.machine', { hasText: 'Training will run' }).first().waitFor()
    await prepare?.(page)
    for (const [place, selector] of Object.entries(places)) {
      await page
        .locator(selector)
        .first()
        .evaluate((element) => element.scrollIntoView({ block: 'start' }))
      await page.evaluate('scrollBy(0, -80)')
      await page.waitForTimeout(250)
      await page.screenshot({ path: join(folder, `${name}-${place}-${look}.jpg`), type: 'jpeg', quality: 50 })
    }
    if (problems.length > 0) console.log(name, look, problems)
    await page.close()
  }
  await context.close()
}
await site.close()
process.exit()
