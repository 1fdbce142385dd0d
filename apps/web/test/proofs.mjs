/*
 * Longer proofs of the built site, one line each; exit code 1 when one fails. `npm run proofs --workspace=@gicho/web`, after a build.
 * Names as arguments run these alone.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { unzipSync, zipSync } from 'fflate'
import { runStep, startTraining, trainingEnds } from './lesson.ts'
import { longestTask } from './main-thread.ts'
import { check, open, WEBGPU } from './proof-tools.mjs'
import { openPage, openSite } from './site.ts'
import { troubleProofs } from './trouble-proofs.mjs'

const gicho = fileURLToPath(new URL('../../node/bin/gicho.js', import.meta.url))

/** A short lesson 1 on a WebGPU engine, on the adapter that the CPU emulates. */
async function onSoftwareGpu(engine) {
  const { page, problems, site } = await open(`#/mnist?epochs=1&limit=640&engine=${engine}`, WEBGPU)
  const here = await page.locator('.machine').first().innerText()
  if (!(await page.locator(`.settings option[value=${engine}]:not([disabled])`).count())) {
    await site.close()
    return `not shown: ${here}`
  }
  await startTraining(page)
  const { valAccuracy } = await trainingEnds(page, 200_000)
  await site.close()
  check(valAccuracy > 0.5, `val_accuracy ${valAccuracy}`)
  check(problems.length === 0, problems.join())
  return `val_accuracy ${valAccuracy}`
}

const proofs = {
  'lesson 1: one epoch on 60,000 pictures, val_accuracy >= .95 in under 60 s, no task over 50 ms': async () => {
    const { page, problems, site } = await open('#/mnist?epochs=1')
    const began = performance.now()
    let valAccuracy = 0
    const longest = await longestTask(page, async () => {
      await startTraining(page)
      valAccuracy = (await trainingEnds(page, 120_000)).valAccuracy
    })
    const seconds = (performance.now() - began) / 1000
    const speed = await page.locator('.numbers').innerText()
    await site.close()
    check(valAccuracy >= 0.95, `val_accuracy ${valAccuracy}`)
    check(seconds < 60, `${seconds.toFixed(1)} s`)
    check(longest < 50, `a task of ${longest} ms`)
    check(problems.length === 0, problems.join())
    return `val_accuracy ${valAccuracy} after ${seconds.toFixed(1)} s; longest task ${longest.toFixed(1)} ms; ${speed.replaceAll('\n', ' ')}`
  },

  'lesson 1 without isolation: one thread trains': async () => {
    const site = await openSite({ headers: false })
    const context = await site.context({ serviceWorkers: 'block' })
    const { page, problems } = await openPage(site, context, '#/mnist?epochs=1&limit=10000')
    await page.locator('.machine', { hasText: 'one CPU thread' }).waitFor()
    const reason = await page.locator('.machine').first().innerText()
    await startTraining(page)
    const { valAccuracy } = await trainingEnds(page)
    await site.close()
    check(/cross-origin isolated/.test(reason), reason)
    check(valAccuracy > 0.9, `val_accuracy ${valAccuracy}`)
    check(problems.length === 0, problems.join())
    return `val_accuracy ${valAccuracy}`
  },

  'static host: the service worker isolates the page, and it works offline': async () => {
    const site = await openSite({ headers: false })
    const context = await site.context()
    const { page, problems } = await openPage(site, context, '#/mnist')
    await isolated(page)
    await runStep(page, 'build')
    await context.setOffline(true)
    await page.reload()
    const built = await runStep(page, 'build')
    await site.close()
    check(built.includes('669,706'), built)
    check(problems.length === 0, problems.join())
    return 'built the network offline'
  },

  'plain TensorFlow.js: WebAssembly beside the compiled engine': async () => {
    const { page, problems, site } = await open('#/mnist')
    const [compiled, plain] = [await measure(page, 'gicho compiled, CPU'), await measure(page, 'WebAssembly')]
    await site.close()
    check(problems.length === 0, problems.join())
    return `compiled ${compiled}; plain ${plain}`
  },

  'plain TensorFlow.js on WebGPU (software adapter)': () => onSoftwareGpu('tfjs-webgpu'),

  'the compiled engine on WebGPU (software adapter)': () => onSoftwareGpu('webgpu'),

  'a run goes to Node and back': async () => {
    const { page, problems, site } = await open('#/mnist?epochs=1&limit=6000')
    await startTraining(page)
    const { valAccuracy } = await trainingEnds(page)
    const waiting = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download' }).first().click()
    const folder = mkdtempSync(join(tmpdir(), 'gicho-web-'))
    const zip = join(folder, 'run.zip')
    await (await waiting).saveAs(zip)
    unpack(zip, folder)
    const evaluated = node(['evaluate', join(folder, 'gicho-mnist-1'), '--json'])
    const inNode = JSON.parse(evaluated.trim().split('\n').at(-1)).val_accuracy
    check(Math.abs(inNode - valAccuracy) < 1e-4, `Node says ${inNode}, the page ${valAccuracy}`)

    node(['train', 'mnist', '--epochs', '1', '--limit', '2000', '--out', folder])
    const made = join(folder, 'mnist', '1')
    const files = readdirSync(join(made, 'model')).map((name) => [
      `run/model/${name}`,
      readFileSync(join(made, 'model', name)),
    ])
    const back = zipSync({ 'run/run.json': readFileSync(join(made, 'run.json')), ...Object.fromEntries(files) })
    writeFileSync(join(folder, 'back.zip'), back)
    await page.locator('.runs input').setInputFiles(join(folder, 'back.zip'))
    await page.locator('.notice', { hasText: 'Opened as run mnist 2.' }).waitFor()
    await page.locator('.model-choice select').first().selectOption('mnist 2')
    await page.locator('#mnist-looking .model-choice select').selectOption('mnist 2')
    await page.getByRole('button', { name: 'Examine the network' }).click()
    const says = await page.locator('.examined .says').innerText()
    await site.close()
    check(problems.length === 0, problems.join())
    return `page ${valAccuracy}, Node ${inNode}; Node's model in the page: ${says}`
  },

  'an interrupted run goes on in Node, and one of Node goes on in the page': async () => {
    const { page, problems, site } = await open('#/mnist?epochs=2&limit=20000')
    await startTraining(page)
    await page.locator('.epoch', { hasText: 'Epoch 2' }).waitFor({ timeout: 30_000 })
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    await trainingEnds(page)
    const waiting = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download' }).first().click()
    const folder = mkdtempSync(join(tmpdir(), 'gicho-web-'))
    await (await waiting).saveAs(join(folder, 'run.zip'))
    unpack(join(folder, 'run.zip'), folder)
    const run = join(folder, 'gicho-mnist-1')
    node(['resume', run])
    const inNode = JSON.parse(readFileSync(join(run, 'run.json'), 'utf8'))
    // The same zip, taken back, is an interrupted run here too.
    await page.locator('.runs input').setInputFiles(join(folder, 'run.zip'))
    await page.locator('.notice', { hasText: 'Opened as run mnist 2.' }).waitFor()
    await page.getByRole('button', { name: 'Go on with it' }).click()
    await page.locator('.runs tbody tr', { hasText: '2/2 done' }).waitFor({ timeout: 60_000 })
    const inPage = Number(
      await page.locator('.runs tbody tr', { hasText: '2/2 done' }).locator('td').nth(2).innerText(),
    )
    await site.close()
    const last = inNode.history.at(-1)
    check(inNode.status === 'done' && inNode.history.length === 2, JSON.stringify(inNode.status))
    check(Math.abs(last.val_accuracy - inPage) < 1e-4, `Node ${last.val_accuracy}, page ${inPage}`)
    check(problems.length === 0, problems.join())
    return `both end at val_accuracy ${inPage}`
  },

  'a camera is read, mirrored or not': async () => {
    const camera = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']
    const { page, problems, site } = await open('#/mnist?epochs=1&limit=3000', camera)
    await startTraining(page)
    await trainingEnds(page)
    await page.goto(`${site.origin}/#/asl-deploy`)
    await page.getByRole('button', { name: 'Use the camera' }).click()
    await page.locator('.reading .says', { hasText: 'It reads' }).waitFor({ timeout: 20_000 })
    await page.getByLabel('Mirrored').uncheck()
    await page.getByRole('button', { name: 'Keep this letter' }).click()
    const word = await page.locator('.word').innerText()
    await page.getByRole('button', { name: 'Camera off' }).click()
    await site.close()
    check(/^\d$/.test(word), word)
    check(problems.length === 0, problems.join())
    return `read "${word}"`
  },

  'a camera that is not there gets a sentence': async () => {
    const { page, problems, site } = await open('#/mnist?epochs=1&limit=1000')
    await startTraining(page)
    await trainingEnds(page)
    await page.goto(`${site.origin}/#/asl-deploy`)
    await page.getByRole('button', { name: 'Use the camera' }).click()
    await page.locator('.notices .notice').waitFor()
    const said = await page.locator('.notices').innerText()
    await site.close()
    check(problems.length === 0, problems.join())
    return said.split('\n')[0]
  },

  'the sign-language files are dropped, kept, and there again': async () => {
    const folder = process.env.GICHO_ASL_DIR
    if (!folder) return 'not shown: GICHO_ASL_DIR is not set'
    delete process.env.GICHO_ASL_DIR // the site is not to serve them
    try {
      const { page, problems, site } = await open('#/asl')
      await page.locator('.data[data-state=missing]').waitFor()
      const began = performance.now()
      const files = readdirSync(folder).filter((name) => /\.csv/.test(name))
      await page.locator('.data input').setInputFiles(files.map((name) => join(folder, name)))
      await page.locator('.data[data-state=kept]').waitFor({ timeout: 60_000 })
      const seconds = (performance.now() - began) / 1000
      await page.reload()
      await page.locator('.data[data-state=kept]').waitFor()
      const loaded = await runStep(page, 'load')
      await site.close()
      check(loaded.includes('(27455, 785)'), loaded)
      check(problems.length === 0, problems.join())
      return `read and kept in ${seconds.toFixed(1)} s, there again after a reload`
    } finally {
      process.env.GICHO_ASL_DIR = folder
    }
  },

  'lesson 4 on the real photos, limited': async () => {
    if (!process.env.GICHO_ASL_DIR) return 'not shown: GICHO_ASL_DIR is not set'
    const { page, problems, site } = await open('#/asl-augmented?epochs=3&limit=6000')
    await page.locator('.data[data-state=served]').waitFor()
    check((await runStep(page, 'prepare')).includes('24'), 'no letters')
    await startTraining(page)
    const { valAccuracy } = await trainingEnds(page, 200_000)
    await site.close()
    check(valAccuracy > 0.3, `val_accuracy ${valAccuracy}`)
    check(problems.length === 0, problems.join())
    return `val_accuracy ${valAccuracy}`
  },
}

/** The page is loaded once more as soon as the service worker stands. */
async function isolated(page) {
  for (let i = 0; i < 40; i++) {
    if (await page.evaluate('crossOriginIsolated').catch(() => false)) return
    await page.waitForTimeout(250)
  }
  throw new Error('the page was never isolated')
}

async function measure(page, engine) {
  const table = page.locator('.engines')
  if (!(await table.evaluate((details) => details.open))) await table.locator('summary').click()
  const row = table.locator('tr', { hasText: engine })
  await row.getByRole('button').click()
  await row.locator('td', { hasText: 'images/s' }).waitFor({ timeout: 60_000 })
  return row.locator('td').nth(1).innerText()
}

function unpack(zip, folder) {
  for (const [path, content] of Object.entries(unzipSync(new Uint8Array(readFileSync(zip))))) {
    const target = join(folder, path)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, content)
  }
}

function node(args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [gicho, ...args], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`gicho ${args.join(' ')}: ${stderr}`)
  return stdout
}

const wanted = process.argv.slice(2)
for (const [name, prove] of Object.entries({ ...proofs, ...troubleProofs })) {
  if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue
  try {
    console.log(`ok      ${name}: ${await prove()}`)
  } catch (error) {
    process.exitCode = 1
    console.log(`failed  ${name}: ${error.message}`)
  }
}
process.exit()
