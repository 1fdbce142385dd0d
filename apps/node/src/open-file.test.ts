import process from 'node:process'
import { expect, test } from 'vitest'
import { openerOf, openFile } from './open-file.ts'

test('each system has its command', () => {
  expect(openerOf('darwin')).toEqual(['open'])
  expect(openerOf('win32')).toEqual(['explorer.exe'])
  expect(openerOf('linux')).toEqual(['xdg-open'])
})

test('the command gets the file, and is not waited for', async () => {
  const started = performance.now()
  await openFile('curves.svg', [process.execPath, '-e', 'setTimeout(() => {}, 5000)'])
  expect(performance.now() - started).toBeLessThan(4000) // the command itself takes five seconds
})

test('a system without such a command says which file to open', async () => {
  await expect(openFile('runs/1/curves.svg', ['no-such-opener'])).rejects.toThrow(
    'runs/1/curves.svg: "no-such-opener" can\'t open it: there is no such command. Open the file yourself.',
  )
})
