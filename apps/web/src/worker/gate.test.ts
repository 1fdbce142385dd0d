import { expect, test } from 'vitest'
import { Gate } from './gate.ts'

test('an open gate lets everything through, a closed one single steps', async () => {
  const gate = new Gate()
  expect(await gate.pass(undefined)).toBe(Number.POSITIVE_INFINITY)
  gate.close()
  expect(gate.closing.aborted).toBe(true)
  const waiting = gate.pass(undefined)
  gate.step()
  expect(await waiting).toBe(1)
  const again = gate.pass(undefined)
  gate.open()
  expect(await again).toBe(Number.POSITIVE_INFINITY)
  expect(gate.closing.aborted).toBe(false)
})

test('who waits at a closed gate can be called off', async () => {
  const gate = new Gate()
  gate.close()
  const end = new AbortController()
  const waiting = gate.pass(end.signal)
  end.abort()
  expect(await waiting).toBe(0)
})
