/* What `gicho show` says, in both languages. */
import type { RunCard } from '@gicho/core'
import type { Language } from './language.ts'

/** The words around a run's card. */
export interface ShowProse {
  readonly names: {
    readonly recipe: string
    readonly data: string
    readonly model: string
    readonly engine: string
    readonly optimizer: string
    readonly seed: string
    readonly epochs: string
    readonly time: string
    readonly status: string
  }
  readonly images: (train: number, valid: number) => string
  readonly parameters: (count: number) => string
  readonly engine: (engine: string, device: string) => string
  readonly seed: (seed: number, batchSize: number) => string
  readonly epochs: (done: number, asked: number) => string
  readonly best: (best: string, epoch: number, last: string) => string
  readonly notMeasured: string
  readonly time: (time: string, startedAt: string) => string
  readonly status: Readonly<Record<RunCard['status'], string>>
  readonly noEpochs: string
  /** What the files of every run show, by name; folders end in a slash. */
  readonly files: Readonly<Record<string, string>>
  readonly stepPicture: (step: string) => string
}

const counted = (n: number): string => n.toLocaleString('en-US')

const en: ShowProse = {
  names: {
    recipe: 'recipe',
    data: 'data',
    model: 'network',
    engine: 'engine',
    optimizer: 'optimizer',
    seed: 'seed',
    epochs: 'epochs',
    time: 'time',
    status: 'status',
  },
  images: (train, valid) => `${counted(train)} images to learn from, ${counted(valid)} to validate on`,
  parameters: (count) => `${counted(count)} parameters`,
  engine: (engine, device) => `${engine} on ${device}`,
  seed: (seed, batchSize) => `${seed}, batches of ${batchSize}`,
  epochs: (done, asked) => `${done} of ${asked} finished`,
  best: (best, epoch, last) => `best ${best} in epoch ${epoch}, last ${last}`,
  notMeasured: 'not measured',
  time: (time, startedAt) => `${time}, begun ${startedAt}`,
  status: { done: 'done', interrupted: 'interrupted', failed: 'failed' },
  noEpochs: 'No epoch was finished.',
  files: {
    'run.json': 'the record that you are reading',
    'history.csv': 'the epochs as a table',
    'curves.svg': "loss and accuracy over the epochs, before the course's",
    'confusion.svg': 'what was taken for what',
    'mistakes.svg': 'the images that it was surest of, and wrong about',
    'model/': 'the trained network',
    'checkpoints/': 'where the run can be taken up again',
  },
  stepPicture: (step) => `from the step "${step}"`,
}

const ko: ShowProse = {
  names: {
    recipe: '레시피',
    data: '데이터',
    model: '신경망',
    engine: '엔진',
    optimizer: '옵티마이저',
    seed: '시드',
    epochs: '에포크',
    time: '시간',
    status: '상태',
  },
  images: (train, valid) => `학습 그림 ${counted(train)}장, 검증 그림 ${counted(valid)}장`,
  parameters: (count) => `매개변수 ${counted(count)}개`,
  engine: (engine, device) => `${engine}(${device})`,
  seed: (seed, batchSize) => `${seed}, 배치 크기 ${batchSize}`,
  epochs: (done, asked) => `${asked}번 가운데 ${done}번 끝남`,
  best: (best, epoch, last) => `가장 높은 값 ${best}(에포크 ${epoch}), 마지막 값 ${last}`,
  notMeasured: '재지 않음',
  time: (time, startedAt) => `${time}, 시작 ${startedAt}`,
  status: { done: '끝남', interrupted: '멈춤', failed: '실패' },
  noEpochs: '끝난 에포크가 없습니다.',
  files: {
    'run.json': '지금 보고 있는 기록',
    'history.csv': '에포크 표',
    'curves.svg': '에포크마다의 손실과 정확도, 원래 수업의 곡선과 함께',
    'confusion.svg': '무엇을 무엇으로 보았는지',
    'mistakes.svg': '가장 자신 있게 틀린 그림',
    'model/': '학습된 신경망',
    'checkpoints/': '실행을 이어 갈 수 있는 지점',
  },
  stepPicture: (step) => `"${step}" 단계에서`,
}

/** The words of a language. */
export const showProse: Readonly<Record<Language, ShowProse>> = { en, ko }
