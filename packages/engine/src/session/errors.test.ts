import { GichoError } from '@gicho/core'
import { expect, test } from 'vitest'
import { asDeviceError } from './errors.ts'

test('what a lost GPU throws becomes an error that says what to do; every other one stays what it is', () => {
  const lost = new DOMException("Failed to execute 'mapAsync' on 'GPUBuffer'", 'AbortError')
  expect(asDeviceError(lost, 'webgpu')).toMatchObject({ code: 'engine-failed', cause: lost })
  expect(String(asDeviceError(lost, 'webgpu'))).toMatch(
    /backend webgpu: the device was lost \(.*mapAsync.*last checkpoint/,
  )
  const own = new GichoError('aborted', 'stopped')
  expect(asDeviceError(own, 'webgpu')).toBe(own)
})
