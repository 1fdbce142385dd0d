/*
 * What the steps of `asl-augmented.ts` tell the learner, in both languages: the same thoughts, each in its own words.
 */
import type { Text } from '@gicho/core'
import { count } from './judging/sentences.ts'
import { paragraphs, type StepText, withNumbers } from './prose.ts'
import { division, inEnglish } from './steps/lesson-numbers.ts'

const course = { train: 27_455, test: 7_172, classes: 24, epochs: 20 }

/** Pictures in the batch that is looked at. */
export const SHOWN = 32

export const prepare: StepText = {
  title: { en: 'As in lesson 3, in one go', ko: '수업 3의 준비를 한 번에' },
  prose: {
    en: paragraphs([
      'Read the tables, take the labels out, give every picture its grid, divide by 255, turn labels into 24 places.',
      'Each of these moves has a step of its own in lessons 2 and 3.',
    ]),
    ko: paragraphs([
      '표를 읽고, 라벨을 떼어 내고, 그림마다 격자를 되찾아 주고, 255로 나누고, 라벨을 스물네 칸으로 바꿉니다.',
      '하나하나는 수업 2와 3에서 따로 다루었습니다.',
    ]),
  },
}

export const build: StepText = {
  title: { en: 'The network of lesson 3', ko: '수업 3의 신경망 그대로' },
  prose: {
    en: paragraphs([
      'Layer by layer the same network, with 264,049 parameters. Lesson 3 changed the network and left the pictures alone; this one does the opposite.',
    ]),
    ko: paragraphs([
      '층 하나까지 똑같은, 매개변수 264,049개짜리 신경망입니다. 수업 3에서는 그림을 두고 신경망을 바꾸었지만 이번에는 반대로 합니다.',
    ]),
  },
}

export const augment: StepText = {
  title: { en: 'New pictures out of old ones', ko: '있는 그림에서 새 그림 만들기' },
  prose: {
    en: paragraphs(
      [
        'A network that has nothing to learn by heart has to understand. More photos would do that, but photos are dear.',
        'Variants cost nothing: had the hand been held a little differently, the picture would be another and the letter the same.',
        'ImageDataGenerator makes such variants at random, anew each time that a picture comes up.',
      ],
      [
        'Every option stands for something that happens in real photos. Rotation, up to 10 degrees to either side: nobody holds a hand perfectly upright.',
        'Zoom, from 90 to 110 percent: hands are large and small, near and far. Height and width are drawn apart, since hands are slim and broad, too.',
        'Shifts, up to a tenth of the picture sideways as well as up and down: a hand is rarely in the very middle. What comes in at the edge repeats the nearest pixel.',
      ],
      [
        'The horizontal flip mirrors every other picture, on average: a right hand becomes a left one, and there are people who sign with their left.',
        'The vertical flip stays off, because nobody signs upside down; a network busy with hands that do not exist learns the others less well.',
        'That is the rule for all augmentation: only what may turn up in a real photo, and never what would change the answer.',
      ],
    ),
    ko: paragraphs(
      [
        '외울 것이 없으면 신경망은 이해하는 수밖에 없습니다. 사진을 더 모으면 그렇게 되겠지만 사진을 모으는 데는 품이 많이 듭니다.',
        '변형은 거저 얻을 수 있습니다. 손을 조금 다르게 들었더라면 그림은 달라졌어도 글자는 그대로였을 테니까요.',
        'ImageDataGenerator는 그림이 나올 때마다 이런 변형을 무작위로 새로 만듭니다.',
      ],
      [
        '옵션 하나하나는 실제 사진에서 일어나는 일을 나타냅니다. 회전은 양쪽으로 10도까지입니다. 손을 자로 잰 듯 똑바로 드는 사람은 없습니다.',
        '확대와 축소는 90에서 110퍼센트입니다. 큰 손도 작은 손도 있고, 가까운 손도 먼 손도 있습니다. 가는 손과 넓적한 손도 있으니 높이와 너비를 따로 뽑습니다.',
        '이동은 좌우로도 위아래로도 그림의 10분의 1까지입니다. 손이 정확히 한가운데 오는 일은 드뭅니다. 가장자리에 빈 곳이 생기면 가장 가까운 픽셀로 메웁니다.',
      ],
      [
        '좌우 뒤집기는 평균 두 장에 한 장꼴로 그림을 거울에 비춥니다. 오른손이 왼손이 되는데, 왼손으로 수화를 하는 사람도 있습니다.',
        '상하 뒤집기는 끕니다. 거꾸로 매달려 수화를 하는 사람은 없고, 있지도 않은 손을 익히느라 바쁘면 정작 있는 손을 덜 배우게 됩니다.',
        '증강의 원칙은 늘 같습니다. 실제 사진에 나올 법한 것만, 그리고 답을 바꾸지 않는 것만 합니다.',
      ],
    ),
  },
}

export const batch: StepText = withNumbers(
  course,
  { en: 'A look at one batch', ko: '배치 하나 들여다보기' },
  ({ train: pictures }) => {
    const shown = Math.min(SHOWN, pictures)
    return {
      en: paragraphs(
        [
          `flow hands out batches without end: ${inEnglish(shown, 'picture')} in a new order, each changed by a draw of its own. Here is one of them.`,
          'In colour they are violet and yellow, and that is no mistake: where no map is asked for, matplotlib shows dark as violet and light as yellow. This map is called viridis.',
        ],
        [
          'Look for tilted wrists, hands near the edge, smeared borders. Nobody ever took these very pictures. Looking costs nothing, by the way: training draws from random numbers of its own.',
        ],
      ),
      ko: paragraphs(
        [
          `flow는 배치를 끝없이 내놓습니다. 그림 ${shown}장이 새로운 순서로 나오고, 한 장 한 장이 따로 뽑힌 변형을 거칩니다. 그 가운데 하나를 보여 드립니다.`,
          '색을 입혀 그리면 보라색과 노란색으로 보이는데, 잘못된 것은 아닙니다. 따로 정하지 않으면 matplotlib은 어두운 곳을 보라색, 밝은 곳을 노란색으로 그립니다. 이 색표의 이름은 viridis입니다.',
        ],
        [
          '기울어진 손목, 가장자리로 밀린 손, 번진 테두리를 찾아보세요. 누구도 찍은 적이 없는 그림들입니다. 들여다본다고 달라지는 것은 없습니다. 학습은 따로 마련한 난수를 씁니다.',
        ],
      ),
    }
  },
)

export const fitGenerator: StepText = {
  title: { en: 'A fit that does nothing here', ko: '여기서는 하는 일이 없는 fit' },
  prose: {
    en: paragraphs([
      'The generator, too, has a fit, which is no training. It measures the pictures once: their mean, their spread, or what whitening needs, for generators that normalise with these.',
      'Ours was asked for none of it, so all three stay empty and nothing changes. The course makes the call all the same, and it does no harm.',
    ]),
    ko: paragraphs([
      '생성기에도 fit이 있지만 학습과는 다릅니다. 그림 전체를 한 번 훑어 평균과 퍼진 정도, 또는 화이트닝에 필요한 값을 재 두었다가 그림을 정규화할 때 쓰는 함수입니다.',
      '우리 생성기에는 그런 일을 맡기지 않았으므로 세 값이 모두 비어 있고 달라지는 것도 없습니다. 원래 수업에서도 이렇게 부르고 넘어가며, 불러서 해가 되지는 않습니다.',
    ]),
  },
}

export const stepsPerEpoch: StepText = withNumbers(
  course,
  { en: 'How long is an epoch without an end?', ko: '끝이 없는 에포크의 길이' },
  (numbers) => {
    const { rest, passSteps } = numbers
    const last = {
      en:
        rest === 0
          ? ` ${passSteps === 1 ? 'batch' : 'batches'}.`
          : ` batches, which is ${count(passSteps)}, since the last ${inEnglish(rest, 'picture')} need one too.`,
      ko:
        rest === 0
          ? '배치입니다.'
          : `배치인데, 마지막 ${rest}장도 배치가 하나 필요하므로 모두 ${count(passSteps)}배치가 됩니다.`,
    }
    return {
      en: paragraphs(
        [
          'So far an epoch was over when every picture had been seen. A generator is never done: ask for another batch, and it makes one.',
          'If nobody said when to stop, the first epoch would go on for ever and validation would never have its turn.',
        ],
        [
          `The usual bound is as many pictures as there really are: ${division(numbers)}${last.en}`,
          'So every picture comes once in an epoch, in another guise each time, and the curve can be laid over that of lesson 3.',
        ],
      ),
      ko: paragraphs(
        [
          '지금까지는 모든 그림을 한 번씩 보면 에포크가 끝났습니다. 생성기에는 끝이 없습니다. 배치를 더 달라고 하면 얼마든지 만들어 냅니다.',
          '어디서 멈출지 정해 주지 않으면 첫 에포크가 영영 끝나지 않고 검증할 차례도 오지 않습니다.',
        ],
        [
          `보통은 실제로 있는 그림의 수만큼으로 정합니다. ${division(numbers)}${last.ko}`,
          '그러면 에포크마다 모든 그림이 매번 다른 모습으로 한 번씩 나오고, 곡선도 수업 3의 것과 겹쳐 볼 수 있습니다.',
        ],
      ),
    }
  },
)

export const compile: StepText = {
  title: { en: 'The same three choices', ko: '세 가지 선택은 그대로' },
  prose: {
    en: paragraphs(['Cross-entropy, RMSprop, accuracy: nothing new, so that only the pictures make a difference.']),
    ko: paragraphs(['크로스 엔트로피, RMSprop, 정확도. 그림 말고는 달라진 것이 없도록 그대로 둡니다.']),
  },
}

export const train: StepText = {
  title: { en: 'Training on ever new pictures', ko: '늘 새로운 그림으로 학습하기' },
  prose: {
    en: paragraphs([
      'accuracy climbs more slowly than in lesson 3, and that is as it should be: no picture comes twice, so none can be remembered.',
      'It may well stay below val_accuracy, for it is taken on turned and shifted pictures, validation on photos as they are.',
    ]),
    ko: paragraphs([
      'accuracy는 수업 3보다 천천히 오르는데, 그래야 맞습니다. 같은 그림이 두 번 나오지 않으니 외울 수가 없습니다.',
      'val_accuracy보다 낮게 머물 수도 있습니다. 학습에서는 돌리고 옮긴 그림으로 재고, 검증에서는 사진을 있는 그대로 쓰기 때문입니다.',
    ]),
  },
}

export const verdict: StepText = {
  title: { en: 'Higher and steadier?', ko: '더 높고 더 안정적일까' },
  prose: {
    en: paragraphs([
      'Two questions to the last epochs, up to five of them, beside those of lesson 3: is val_accuracy higher on average, and does it spread less?',
      'A single run can be lucky. To be sure, one would train with five seeds or more and compare their means.',
    ]),
    ko: paragraphs([
      '마지막 에포크들을 많아야 다섯 번까지, 수업 3의 것과 나란히 놓고 두 가지를 묻습니다. val_accuracy의 평균이 더 높은가, 그리고 덜 흩어져 있는가?',
      '한 번의 실행은 운이 좋았을 수도 있습니다. 확실히 하려면 시드 다섯 개 이상으로 학습해서 평균을 견주어야 합니다.',
    ]),
  },
}

export const save: StepText = {
  title: { en: 'Keep it', ko: '모델 저장하기' },
  prose: {
    en: paragraphs([
      'What has been learned is in the weights, and those are gone when the program ends. So the model is saved, under the name asl_model:',
      'its layers and weights, and with them what a program needs that has never seen the training data, the letters by label and how pixels become input. Lesson 5 opens it.',
    ]),
    ko: paragraphs([
      '배운 것은 모두 가중치에 들어 있고, 가중치는 프로그램이 끝나면 사라집니다. 그래서 모델을 asl_model이라는 이름으로 저장합니다.',
      '층과 가중치뿐 아니라 학습 데이터를 본 적 없는 프로그램에 필요한 것, 곧 라벨마다 어떤 글자인지와 픽셀을 입력으로 바꾸는 방법도 함께 담습니다. 수업 5에서 이 모델을 엽니다.',
    ]),
  },
}

/** Where the app keeps no models. */
export const notSaved: Text = {
  en: 'This program keeps no models, so nothing was saved here. In a program of your own, saveModel of @gicho/models does it.',
  ko: '이 프로그램은 모델을 보관하지 않아서 여기서는 저장하지 않았습니다. 직접 만든 프로그램에서는 @gicho/models의 saveModel로 저장할 수 있습니다.',
}

/** Where another number of steps was asked for. */
export const chosenSteps: Text = {
  en: 'For this run, another number of steps was asked for than one pass has.',
  ko: '이번 실행에서는 한 바퀴와 다른 걸음 수를 쓰도록 정해졌습니다.',
}
