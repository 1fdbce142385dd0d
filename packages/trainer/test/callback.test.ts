import { callbacks as tfjsCallbacks } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { checkCallbacks } from '../src/callback.ts'
import { earlyStopping } from '../src/early-stopping.ts'

const known = 'A callback has any of onTrainBegin, onEpochBegin, onEpochEnd, onTrainEnd.'

test.each<[string, unknown, string]>([
  [
    'one object',
    { onEpochEnd() {} },
    'fit: expected callbacks to be a list of objects, got an object. Write callbacks: [callback].',
  ],
  ['a function', [() => {}], `fit: expected callback 0 to be an object, got a function. ${known}`],
  [
    'one of tfjs',
    [tfjsCallbacks.earlyStopping()],
    `fit: callback 0 is one of tfjs, which is called otherwise. Use earlyStopping() of @gicho/trainer. ${known}`,
  ],
  [
    'a hook within an epoch',
    [{ onBatchEnd() {} }],
    `fit: there is no onBatchEnd in a callback. ${known} Progress within an epoch goes to the onProgress option of fit.`,
  ],
  [
    'a misspelt hook',
    [{ onEpochEnds() {} }],
    `fit: there is no onEpochEnds in a callback. Did you mean onEpochEnd? ${known}`,
  ],
  [
    'Keras’ spelling',
    [{ on_epoch_end() {} }],
    `fit: there is no on_epoch_end in a callback. Did you mean onEpochEnd? ${known}`,
  ],
  [
    'a hook of a class',
    [
      new (class {
        onYield() {}
      })(),
    ],
    `fit: there is no onYield in a callback. ${known}`,
  ],
  ['nothing to call', [{}], `fit: callback 0 has no method that would be called. ${known}`],
])('%s as a callback is refused by name', (_, callbacks, message) => {
  expect(() => checkCallbacks(callbacks)).toThrow(message)
})

test('objects and instances of classes with known hooks pass, whatever else they have', () => {
  class Logger {
    online = true
    once = () => {}
    onEpochEnd(): void {}
  }
  checkCallbacks([new Logger(), earlyStopping(), { onTrainBegin() {}, option: 3 }])
  checkCallbacks(undefined)
})
