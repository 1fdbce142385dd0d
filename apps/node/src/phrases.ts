/* The command's own words, in both languages. Error messages are English everywhere, so that they can be searched for. */

import type { Checkpoint, Issue } from '@gicho/core'
import { calledAs } from './called-as.ts'
import type { Language } from './language.ts'
import { shellWord } from './shell-word.ts'

/** What the command says between a lesson's steps. */
export interface Phrases {
  readonly loading: (file: string) => string
  readonly source: (source: string) => string
  readonly columnsShown: (from: number, to: number) => string
  readonly training: (engine: string, device: string) => string
  readonly otherThreads: (asked: number, used: number) => string
  readonly fallback: (issues: readonly Issue[]) => string
  readonly softwareGpu: (device: string) => string
  readonly unopenedGpu: (reason: string, goesOn: string) => string
  readonly lostGpu: (goesOn: string) => string
  readonly fullGpu: (goesOn: string) => string
  readonly epoch: (epoch: number, epochs: number) => string
  readonly left: (time: string) => string
  readonly validating: string
  readonly course: string
  readonly passed: string
  readonly missed: string
  readonly saved: (folder: string) => string
  readonly tryEvaluate: (folder: string) => string
  readonly stopping: string
  readonly evaluated: (images: number, folder: string) => string
  readonly limitedLikeRun: (images: number) => string
  readonly startWith: (command: string) => string
  /** Without a checkpoint it begins anew. */
  readonly resuming: (folder: string, at: Pick<Checkpoint, 'epoch' | 'progress'> | undefined) => string
  readonly sawThis: (size: string) => string
  readonly foundModel: (folder: string) => string
  readonly turned: (orientation: number) => string
  readonly leftLying: (orientation: number) => string
  /** In the place of pictures that aren't drawn. */
  readonly picturesKept: (pictures: number, file: string | undefined) => string
  /** Below pictures of which some aren't drawn. */
  readonly picturesCut: (drawn: number, pictures: number, file: string | undefined) => string
  readonly unanswered: (failed: number, images: number) => string
}

const en: Phrases = {
  loading: (file) => `fetching ${file}`,
  source: (source) => `Data: ${source}`,
  columnsShown: (from, to) => `(columns ${from} to ${to}; those left and right of them hold zeros only)`,
  training: (engine, device) => `Training with the ${engine} engine on ${device}. Ctrl-C stops and keeps what is done.`,
  otherThreads: (asked, used) => `--threads ${asked}: this engine chooses for itself and uses ${used}.`,
  unopenedGpu: (reason, goesOn) => `The GPU couldn't be used, so the ${goesOn} engine does the work. Why: ${reason}`,
  lostGpu: (goesOn) => `The GPU was lost. The ${goesOn} engine goes on from where the last epoch or checkpoint ended.`,
  fullGpu: (goesOn) =>
    `The GPU has no memory left. The ${goesOn} engine goes on from where the last epoch or checkpoint ended.`,
  softwareGpu: (device) =>
    `${device} is a GPU in software: it computes on the CPU, much more slowly than --engine wasm.`,
  fallback: (issues) =>
    `The compiled engine can't run this model, so tfjs runs it, more slowly. ${issues.map(({ where, message }) => `${where}: ${message}`).join('; ')}.`,
  epoch: (epoch, epochs) => `Epoch ${epoch}/${epochs}`,
  left: (time) => `${time} left`,
  validating: 'validating',
  course: 'course',
  passed: 'As it should be.',
  missed: 'Not there yet.',
  saved: (folder) => `Saved in ${folder}`,
  tryEvaluate: (folder) => `Check it: ${calledAs()} evaluate ${shellWord(folder)}`,
  stopping: 'Stopping after this step. Ctrl-C again ends at once, without saving.',
  evaluated: (images, folder) => `${folder} on ${images.toLocaleString('en-US')} validation images`,
  limitedLikeRun: (images) =>
    `That run was validated on ${images.toLocaleString('en-US')} images; this is the same. Take more with --limit.`,
  startWith: (command) => `Start with: ${command}`,
  resuming: (folder, at) => {
    if (at === undefined) return `${folder} ended before its first checkpoint, so it begins anew from its first step.`
    const { epoch, progress } = at
    return `Going on with ${folder} after ${epoch} ${epoch === 1 ? 'epoch' : 'epochs'}${progress.steps === 0 ? '' : ` and ${progress.steps} steps`}.`
  },
  sawThis: (size) => `What the network saw, ${size}:`,
  foundModel: (folder) => `Model: ${folder}`,
  turned: (orientation) => `turned by its EXIF orientation (${orientation})`,
  leftLying: (orientation) => `left as it is stored, although its EXIF orientation is ${orientation}`,
  picturesKept: (pictures, file) => {
    const [what, them] = pictures === 1 ? ['a picture', 'it'] : [`${pictures} pictures`, 'them']
    return `${what}${file === undefined ? '' : `, in ${file}`} (--pictures draws ${them} here)`
  },
  picturesCut: (drawn, pictures, file) =>
    `These are the first ${drawn} of ${pictures}. ${file === undefined ? '' : `All of them: ${file}. `}--pictures draws them all here.`,
  unanswered: (failed, images) => `No answer for ${failed} of ${images} images.`,
}

const ko: Phrases = {
  loading: (file) => `${file} 받는 중`,
  source: (source) => `데이터: ${source}`,
  columnsShown: (from, to) => `(${from}열부터 ${to}열까지. 그 왼쪽과 오른쪽은 모두 0입니다)`,
  training: (engine, device) =>
    `${engine} 엔진으로 학습합니다(${device}). Ctrl-C를 누르면 여기까지 한 것을 저장하고 멈춥니다.`,
  otherThreads: (asked, used) => `--threads ${asked}: 이 엔진은 스레드 수를 스스로 정하며 ${used}개를 씁니다.`,
  unopenedGpu: (reason, goesOn) => `GPU를 쓸 수 없어 ${goesOn} 엔진으로 합니다. 까닭: ${reason}`,
  fullGpu: (goesOn) =>
    `GPU의 메모리가 모자랍니다. 마지막 에포크나 체크포인트가 끝난 곳에서 ${goesOn} 엔진이 이어 갑니다.`,
  lostGpu: (goesOn) => `GPU를 잃었습니다. 마지막 에포크나 체크포인트가 끝난 곳에서 ${goesOn} 엔진이 이어 갑니다.`,
  softwareGpu: (device) => `${device}은(는) 소프트웨어 GPU입니다. CPU로 계산하며 --engine wasm보다 훨씬 느립니다.`,
  fallback: (issues) =>
    `컴파일 엔진이 이 모델을 실행할 수 없어 더 느린 tfjs로 실행합니다. ${issues.map(({ where, message }) => `${where}: ${message}`).join('; ')}.`,
  epoch: (epoch, epochs) => `에포크 ${epoch}/${epochs}`,
  left: (time) => `${time} 남음`,
  validating: '검증 중',
  course: '원래 수업',
  passed: '바라던 대로입니다.',
  missed: '아직 모자랍니다.',
  saved: (folder) => `저장한 곳: ${folder}`,
  tryEvaluate: (folder) => `확인해 보기: ${calledAs()} evaluate ${shellWord(folder)}`,
  stopping: '이번 걸음까지만 하고 멈춥니다. Ctrl-C를 한 번 더 누르면 저장하지 않고 바로 끝냅니다.',
  evaluated: (images, folder) => `${folder}, 검증 그림 ${images.toLocaleString('en-US')}장`,
  limitedLikeRun: (images) =>
    `그 실행은 검증 그림 ${images.toLocaleString('en-US')}장으로 쟀고 지금도 같습니다. --limit으로 더 많이 쓸 수 있습니다.`,
  startWith: (command) => `이렇게 시작해 보세요: ${command}`,
  resuming: (folder, at) => {
    if (at === undefined) return `${folder}은(는) 첫 체크포인트 전에 끝나서 첫 걸음부터 다시 시작합니다.`
    const { epoch, progress } = at
    return `${folder}에서 에포크 ${epoch}번${progress.steps === 0 ? '' : `과 ${progress.steps}걸음`}을 마친 데서 이어 갑니다.`
  },
  sawThis: (size) => `신경망이 본 그림, ${size}:`,
  foundModel: (folder) => `모델: ${folder}`,
  turned: (orientation) => `EXIF 방향(${orientation})에 따라 돌린 사진`,
  leftLying: (orientation) => `EXIF 방향은 ${orientation}이지만 저장된 그대로 둔 사진`,
  picturesKept: (pictures, file) =>
    `그림 ${pictures}장${file === undefined ? '' : `, ${file}`} (--pictures를 쓰면 여기에 그립니다)`,
  picturesCut: (drawn, pictures, file) =>
    `그림 ${pictures}장 가운데 처음 ${drawn}장입니다. ${file === undefined ? '' : `전체: ${file}. `}--pictures를 쓰면 모두 여기에 그립니다.`,
  unanswered: (failed, images) => `그림 ${images}장 가운데 ${failed}장은 답하지 못했습니다.`,
}

/** The phrases of a language. */
export const phrases: Readonly<Record<Language, Phrases>> = { en, ko }
