// Run by exit.test.ts in a process of its own, which has to end by itself once fit, evaluate and predict are through.
import '@tensorflow/tfjs-backend-cpu'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { evaluate, fit, predict } from '../dist/index.js'
import { samples } from './samples.ts'

const model = sequential({ layers: [layers.dense({ units: 3, activation: 'softmax', inputShape: [4] })] })
await fit(model, samples(30), { onStart: ({ engine }) => console.log(engine) })
await evaluate(model, samples(30))
await predict(model, samples(30).images)
console.log('end')
