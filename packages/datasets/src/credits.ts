/** Who made a dataset, and under which licence it may be passed on. */
export interface DatasetCredit {
  readonly title: string
  readonly authors: string
  /** Its SPDX name. */
  readonly licence: string
  readonly licenceUrl: string
  readonly source: string
}

/** The datasets of the lessons. */
export const datasetCredits: Readonly<Record<'mnist' | 'sign-language', DatasetCredit>> = {
  mnist: {
    title: 'MNIST database of handwritten digits',
    authors: 'Yann LeCun, Corinna Cortes, Christopher J.C. Burges',
    licence: 'CC-BY-SA-3.0',
    licenceUrl: 'https://creativecommons.org/licenses/by-sa/3.0/',
    source: 'http://yann.lecun.com/exdb/mnist/',
  },
  'sign-language': {
    title: 'Sign Language MNIST',
    authors: 'datamunge, on Kaggle',
    licence: 'CC0-1.0',
    licenceUrl: 'https://creativecommons.org/publicdomain/zero/1.0/',
    source: 'https://www.kaggle.com/datasets/datamunge/sign-language-mnist',
  },
}

/** A credit as lines of text, to lie beside the files. */
export function creditLines({ title, authors, licence, licenceUrl, source }: DatasetCredit): string[] {
  return [title, `Authors: ${authors}`, `Licence: ${licence}, ${licenceUrl}`, `Source: ${source}`]
}
