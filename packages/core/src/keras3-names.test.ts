import { expect, test } from 'vitest'
import { withKeras3Names } from './keras3-names.ts'

const layer = (className: string, config: object) => ({ class_name: className, config })
const layers = [
  layer('Dense', { activation: 'hard_sigmoid' }),
  layer('LSTM', { activation: 'tanh', recurrent_activation: 'hardSigmoid' }),
  layer('Activation', { activation: { class_name: 'function', config: 'hard_sigmoid' } }),
  layer('UpSampling2D', { interpolation: 'bilinear', size: [2, 2] }),
  layer('UpSampling2D', { interpolation: 'nearest', size: [2, 2] }),
  layer('Sequential', { layers: [layer('Conv2D', { activation: 'hard_sigmoid' })] }),
]
const topology = (version?: string) => ({
  ...(version ? { keras_version: version } : {}),
  model_config: layer('Sequential', { layers }),
})

test('the formulas of Keras 3 have their own names in a topology of Keras 3, also in models inside', () => {
  const named = withKeras3Names(topology('3.15.1'))
  expect(named).toEqual({
    keras_version: '3.15.1',
    model_config: layer('Sequential', {
      layers: [
        layer('Dense', { activation: 'hardSigmoidRelu6' }),
        layer('LSTM', { activation: 'tanh', recurrent_activation: 'hardSigmoidRelu6' }),
        layer('Activation', { activation: 'hardSigmoidRelu6' }),
        layer('HalfPixelUpSampling2D', { interpolation: 'bilinear', size: [2, 2] }),
        layer('UpSampling2D', { interpolation: 'nearest', size: [2, 2] }),
        layer('Sequential', { layers: [layer('Conv2D', { activation: 'hardSigmoidRelu6' })] }),
      ],
    }),
  })
  expect(withKeras3Names(named)).toEqual(named)
})

test('the version may stand beside the layers', () => {
  const inner = { keras_version: '3.0.0', ...layer('Sequential', { layers }) }
  expect(JSON.stringify(withKeras3Names(inner))).toContain('HalfPixelUpSampling2D')
  expect(JSON.stringify(withKeras3Names({ model_config: inner }))).toContain('HalfPixelUpSampling2D')
})

test('topologies of tfjs and Keras 2 stay as they are', () => {
  for (const version of [undefined, '2.15.0', 'tfjs-layers 4.22.0', '30.1']) {
    const given = topology(version)
    expect(withKeras3Names(given)).toBe(given)
  }
})
