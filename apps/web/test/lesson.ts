/* For tests only: what a learner does on a lesson's page. */

import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** Runs a step and waits until it is done; gives the text of what came out. */
export async function runStep(page: Page, step: string): Promise<string> {
  await page.locator(`[data-step=${step}] button.run`).click()
  const cell = page.locator(`[data-step=${step}]`)
  await cell.and(page.locator('[data-status=done], [data-status=failed]')).waitFor({ timeout: 60_000 })
  return cell.locator('.outputs, .notice').first().innerText()
}

/** Starts the training with the settings on the page. */
export async function startTraining(page: Page): Promise<void> {
  await page.locator('.training .run-line button.primary').click()
  // A short one may have ended by the time that it is looked at.
  await page.locator('.training:is([data-phase=training], [data-phase=ended])').waitFor({ timeout: 30_000 })
}

/** Waits for the training's end and gives the newest run of the table. */
export async function trainingEnds(
  page: Page,
  timeout = 60_000,
): Promise<{ epochs: string; valAccuracy: number; runs: number }> {
  await page.locator('.training[data-phase=ended]').waitFor({ timeout })
  const cells = page.locator('.runs tbody tr').first().locator('td')
  await cells.first().waitFor()
  const valAccuracy = Number(await cells.nth(2).innerText())
  const runs = await page.locator('.runs tbody tr').count()
  return { epochs: (await cells.nth(1).innerText()).trim(), valAccuracy, runs }
}

/** Draws strokes on the pad, in shares of its side, and waits for the network's answer. */
export async function draw(page: Page, stroke: readonly (readonly [number, number])[]): Promise<string> {
  const pad = page.locator('.paper')
  await pad.scrollIntoViewIfNeeded()
  const box = await pad.boundingBox()
  expect(box).not.toBeNull()
  const { x = 0, y = 0, width = 0, height = 0 } = box ?? {}
  for (const [i, [right, down]] of stroke.entries()) {
    await page.mouse.move(x + right * width, y + down * height, { steps: 8 })
    if (i === 0) await page.mouse.down()
  }
  await page.mouse.up()
  await page.locator('.bars').waitFor({ timeout: 20_000 })
  await page.waitForTimeout(300) // the last piece of the stroke is read after the first
  return page.locator('.reading .says').innerText()
}

/** A seven. */
export const SEVEN = [
  [0.3, 0.25],
  [0.7, 0.25],
  [0.45, 0.85],
] as const
