import { RandomState, type Split } from '@gicho/core'
import { sha256Hex } from '../src/sha256.ts'
import { type PublishedSignLanguage, type PublishedSplit, zipArchive } from '../src/sign-language-data.ts'
import { zip } from './zip.node.ts'

/** How a CSV is written. */
interface CsvForm {
  readonly newline: '\n' | '\r\n'
  /** Kaggle's 0..24 without 9, or 0..23. */
  readonly labels: 'kaggle' | 'dli'
}

/** Few images in the form of Sign Language MNIST. */
export interface Sample {
  readonly published: PublishedSignLanguage
  /** [length, 28, 28, 1] */
  readonly images: Readonly<Record<Split, Uint8Array>>
  /** 0..23 */
  readonly labels: Readonly<Record<Split, Uint8Array>>
  readonly zip: Uint8Array
  csv(split: Split, form?: Partial<CsvForm>): Uint8Array
}

/** Makes 300 training and 48 test images, and publishes them. */
export async function sample(): Promise<Sample> {
  const random = new RandomState(4)
  const make = (length: number): { images: Uint8Array; labels: Uint8Array } => ({
    images: Uint8Array.from({ length: length * 784 }, () => random.nextUint32() % 256),
    labels: Uint8Array.from({ length }, (_, i) => i % 24),
  })
  const data = { train: make(300), test: make(48) }
  const csv: Sample['csv'] = (split, form = {}) =>
    csvOf(data[split].images, data[split].labels, { newline: '\r\n', labels: 'kaggle', ...form })
  const bytes = zip([
    { path: 'american_sign_language.PNG', bytes: Uint8Array.of(1, 2, 3), method: 0 },
    { path: 'sign_mnist_test/sign_mnist_test.csv', bytes: csv('test') },
    { path: 'sign_mnist_test.csv', bytes: csv('test') },
    { path: 'sign_mnist_train/', bytes: new Uint8Array(0), method: 0 },
    { path: 'sign_mnist_train.csv', bytes: csv('train') },
  ])
  return {
    published: {
      splits: { train: await publish(data.train), test: await publish(data.test) },
      archive: zipArchive(bytes.length, await sha256Hex(bytes)),
    },
    images: { train: data.train.images, test: data.test.images },
    labels: { train: data.train.labels, test: data.test.labels },
    zip: bytes,
    csv,
  }
}

async function publish({ images, labels }: { images: Uint8Array; labels: Uint8Array }): Promise<PublishedSplit> {
  return { length: labels.length, imagesSha256: await sha256Hex(images), labelsSha256: await sha256Hex(labels) }
}

function csvOf(images: Uint8Array, labels: Uint8Array, form: CsvForm): Uint8Array {
  const rows = Array.from(labels, (label, i) => {
    const written = form.labels === 'kaggle' && label > 8 ? label + 1 : label
    return [written, ...images.subarray(i * 784, (i + 1) * 784)].join(',')
  })
  return new TextEncoder().encode([header(), ...rows, ''].join(form.newline))
}

/** `label,pixel1,…,pixel784` */
function header(): string {
  return ['label', ...Array.from({ length: 784 }, (_, i) => `pixel${i + 1}`)].join(',')
}
