/*
 * What the steps of `asl-deploy.ts` tell the learner, in both languages: the same thoughts, each in its own words.
 */
import type { Text } from '@gicho/core'
import type { ImageOrientation } from './predict-image.ts'
import { paragraphs, type StepText } from './prose.ts'

export const open: StepText = {
  title: { en: 'Open the trained model', ko: '학습한 모델 열기' },
  prose: {
    en: paragraphs([
      'Nothing is trained today. The model that lesson 4 saved comes back as it was: the layers, their weights, the letters by label, and how pixels become input.',
      'The shape of its input is the promise that every photo has to keep.',
    ]),
    ko: paragraphs([
      '오늘은 아무것도 학습하지 않습니다. 수업 4에서 저장한 모델이 그대로 돌아옵니다. 층과 가중치, 라벨마다의 글자, 픽셀을 입력으로 바꾸는 방법까지 모두 들어 있습니다.',
      '입력의 모양은 앞으로 들어올 모든 사진이 지켜야 할 약속입니다.',
    ]),
  },
}

export const photo: StepText = {
  title: { en: 'A photo from outside', ko: '바깥에서 온 사진' },
  prose: {
    en: paragraphs([
      'Here is a picture as a camera takes it: in colour, in whatever size. The network knows only small grey ones and would make nothing of it.',
      'A network in use is fed by a program, and that program has to repeat, to the letter, what was done to the training data.',
    ]),
    ko: paragraphs([
      '카메라가 찍은 그대로의 그림입니다. 색이 있고 크기는 제각각입니다. 작은 회색 그림만 아는 신경망은 이것을 보고 아무것도 알아내지 못합니다.',
      '실제로 쓰이는 신경망에는 프로그램이 입력을 넣어 줍니다. 그 프로그램은 학습 데이터에 했던 일을 하나도 빠짐없이 똑같이 되풀이해야 합니다.',
    ]),
  },
}

/** Of a photo that wasn't upright. @param orientation what its Exif says */
export function lay(orientation: number, done: ImageOrientation): Text {
  return done === 'none'
    ? {
        en: `Its EXIF orientation (${orientation}) says how to turn this photo. It was left as it is stored, as Keras' load_img does.`,
        ko: `이 사진의 EXIF 방향(${orientation})에 따르면 돌려야 바로 서지만, Keras의 load_img처럼 저장된 그대로 두었습니다.`,
      }
    : {
        en: `This photo was turned by its EXIF orientation (${orientation}): a phone stores what its sensor saw and notes beside it how it was held. Keras' load_img would take it as it is stored.`,
        ko: `이 사진은 EXIF 방향(${orientation})에 따라 돌렸습니다. 휴대전화는 센서가 본 그대로 저장하고 어떻게 들고 찍었는지를 따로 적어 둡니다. Keras의 load_img는 저장된 그대로 읽습니다.`,
      }
}

export const grey: StepText = {
  title: { en: 'Out with the colours', ko: '색 지우기' },
  prose: {
    en: paragraphs([
      'Three numbers a pixel become one. Eyes are most sensitive to green and least to blue, so that grey is a weighted sum: about 0.30 red, 0.59 green, 0.11 blue.',
      'Other weights would give another picture, and so we take those of the library with which images are loaded in Keras, rounding included.',
    ]),
    ko: paragraphs([
      '픽셀마다 있던 수 세 개를 하나로 만듭니다. 사람의 눈은 초록에 가장 예민하고 파랑에 가장 둔하므로, 빨강 0.30, 초록 0.59, 파랑 0.11쯤의 비율로 더합니다.',
      '비율이 다르면 그림도 달라집니다. 그래서 Keras가 그림을 읽을 때 쓰는 라이브러리의 값을 반올림까지 그대로 따릅니다.',
    ]),
  },
}

export const resize: StepText = {
  title: { en: 'Down to 28 x 28', ko: '28 x 28로 줄이기' },
  prose: {
    en: paragraphs([
      'The photo is laid under a grid of 28 x 28, and each cell takes the one pixel under its middle: nearest neighbour, as Keras loads images unless told otherwise.',
      'A browser or a photo editor would mix neighbouring pixels instead. That looks smoother to us, but the network would get other numbers.',
    ]),
    ko: paragraphs([
      '사진 위에 28 x 28 격자를 얹고 칸마다 한가운데 아래에 있는 픽셀 하나를 가져옵니다. 최근접 이웃이라는 방법이고, Keras도 따로 말하지 않으면 이렇게 읽습니다.',
      '브라우저나 사진 편집기라면 이웃한 픽셀을 섞을 것입니다. 우리 눈에는 더 매끄럽지만 신경망이 받는 수는 달라집니다.',
    ]),
  },
}

export const input: StepText = {
  title: { en: 'The shape and the scale of training', ko: '학습 때와 같은 모양과 눈금' },
  prose: {
    en: paragraphs([
      'A network takes batches, so that a single photo becomes a batch of one, with one channel: (1, 28, 28, 1). And it was trained on numbers from 0 to 1, so divide by 255.',
      'Forget that, and no error will tell you: the network answers all the same, only nonsense.',
    ]),
    ko: paragraphs([
      '신경망은 배치를 받으므로 사진 한 장도 채널이 하나인 한 장짜리 배치, (1, 28, 28, 1)로 만듭니다. 그리고 0에서 1 사이의 수로 학습했으니 255로 나눕니다.',
      '이것을 잊어도 오류는 나지 않습니다. 신경망은 아무렇지 않게 대답하지만 그 답은 엉터리입니다.',
    ]),
  },
}

export const predict: StepText = {
  title: { en: 'Ask the network', ko: '신경망에 물어보기' },
  prose: {
    en: paragraphs([
      'One pass through the layers, without dropout and without any learning. Out come 24 probabilities, one for each letter, and together they make 1.',
      'The three largest are named below. A clear winner is a good sign; close runners-up are usually letters that look alike.',
    ]),
    ko: paragraphs([
      '드롭아웃도 학습도 없이 층을 한 번 지나갑니다. 글자마다 하나씩 확률 24개가 나오고 모두 더하면 1입니다.',
      '가장 큰 셋은 아래에 적었습니다. 하나가 뚜렷이 앞서면 좋은 징조이고, 바짝 따라붙은 글자가 있다면 대개 모양이 닮은 글자입니다.',
    ]),
  },
}

export const letter: StepText = {
  title: { en: 'From a place to a letter', ko: '자리에서 글자로' },
  prose: {
    en: paragraphs([
      'argmax gives the place of the largest probability, and the class names turn it back into a letter. Mind the gap: place 9 is k, since there is no j.',
    ]),
    ko: paragraphs([
      'argmax는 가장 큰 확률의 자리를 알려 주고, 클래스 이름이 그 자리를 다시 글자로 바꿔 줍니다. j가 없으니 9번 자리가 k라는 점에 주의하세요.',
    ]),
  },
}

export const oneFunction: StepText = {
  title: { en: 'All of it in one function', ko: '이 모두를 함수 하나로' },
  prose: {
    en: paragraphs([
      'Decode, grey, resize, reshape, divide, predict, argmax, name: whoever uses the model should not have to remember all that, so predictLetter does it.',
      'It takes size, scale and letters out of the saved model, and must come to the same answer.',
    ]),
    ko: paragraphs([
      '읽어 들이고, 회색으로 만들고, 줄이고, 모양을 바꾸고, 나누고, 예측하고, 가장 큰 자리를 찾아 글자로 바꾸기. 모델을 쓰는 사람이 이것을 다 기억할 필요는 없도록 predictLetter가 도맡습니다.',
      '크기와 눈금과 글자는 저장된 모델에서 꺼내 쓰며, 위에서 얻은 답과 똑같아야 합니다.',
    ]),
  },
}

/** The verdict on a lesson without a run. */
export const trainsNothing: Text = {
  en: 'This lesson trains nothing, so there is no run to judge.',
  ko: '이 수업에서는 학습을 하지 않으므로 판단할 실행이 없습니다.',
}
