/*
 * The interpreter: every thread walks the same instructions, takes its share of each one's tiles, and meets the others at the
 * barriers. Tiles and the order of every sum are the plan's, so the number of threads doesn't change a bit of the result.
 */
import { activate, activateGrad, softmaxPixels, softmaxPixelsGrad } from "./activation";
import { averagePool, averagePoolGrad, globalMax, globalMaxGrad } from "./average-pool";
import { barrier, Context } from "./context";
import { upSampleBilinear, upSampleBilinearGrad } from "./bilinear";
import { copyBlock, fillZero, relayout, upSample, upSampleGrad } from "./copy";
import { depthwise, depthwiseDw, depthwiseDx } from "./depthwise";
import { convDw, denseDw, denseDx, gemm } from "./gemm";
import { Control, Op } from "./generated";
import { countLoss, gather, softmax, softmaxLoss } from "./loss";
import { layerNorm, layerNormGrad, layerNormSums } from "./layer-norm";
import { gaussianNoise, spatialDropout } from "./noise";
import { normApply, normFinish, normGrad, normGradFinish, normInference } from "./norm";
import { normPool, normPoolGrad } from "./norm-pool";
import { columnSums, normGradSums, normPoolGradSums, normSums } from "./norm-sums";
import { maxPool, maxPoolGrad } from "./pool";
import { outputLoss } from "./output-loss";
import { dropout } from "./random";
import { relu, reluGrad } from "./relu";
import { applyUpdate, clipScales, gradientNorms, gradientSquares, maxNorm, penalty } from "./rules";
import { gatherDrawn } from "./sample";
import { singleChannelConv, singleChannelDw, stemForward, stemGrad, stemSums } from "./single-channel";
import { stridedDx } from "./strided";
import { biasUpdate, mirrorWeights, reduceUpdate } from "./weights";
import { winogradConv, winogradDw, winogradUpdate, winogradWeights } from "./winograd";

function dispatch(op: i32, p: usize, begin: i32, end: i32, context: usize): void {
  switch (op) {
    case Op.gather: gather(p, begin, end, context); break;
    case Op.gatherDrawn: gatherDrawn(p, begin, end, context); break;
    case Op.gemm: gemm(p, begin, end, context); break;
    case Op.denseDx: denseDx(p, begin, end, context); break;
    case Op.denseDw: denseDw(p, begin, end, context); break;
    case Op.convDw: convDw(p, begin, end, context); break;
    case Op.singleChannelConv: singleChannelConv(p, begin, end, context); break;
    case Op.stemSums: stemSums(p, begin, end, context); break;
    case Op.stemForward: stemForward(p, begin, end, context); break;
    case Op.stemGrad: stemGrad(p, begin, end, context); break;
    case Op.singleChannelDw: singleChannelDw(p, begin, end, context); break;
    case Op.columnSums: columnSums(p, begin, end, context); break;
    case Op.maxPool: maxPool(p, begin, end, context); break;
    case Op.maxPoolGrad: maxPoolGrad(p, begin, end, context); break;
    case Op.relu: relu(p, begin, end, context); break;
    case Op.biasUpdate: biasUpdate(p, begin, end, context); break;
    case Op.reluGrad: reluGrad(p, begin, end, context); break;
    case Op.reduceUpdate: reduceUpdate(p, begin, end, context); break;
    case Op.mirrorWeights: mirrorWeights(p, begin, end, context); break;
    case Op.winogradWeights: winogradWeights(p, begin, end, context); break;
    case Op.winogradConv: winogradConv(p, begin, end, context); break;
    case Op.winogradDw: winogradDw(p, begin, end, context); break;
    case Op.winogradUpdate: winogradUpdate(p, begin, end, context); break;
    case Op.normSums: normSums(p, begin, end, context); break;
    case Op.normFinish: normFinish(p, begin, end, context); break;
    case Op.normInference: normInference(p, begin, end, context); break;
    case Op.normApply: normApply(p, begin, end, context); break;
    case Op.normPool: normPool(p, begin, end, context); break;
    case Op.normPoolGradSums: normPoolGradSums(p, begin, end, context); break;
    case Op.normGradSums: normGradSums(p, begin, end, context); break;
    case Op.normGradFinish: normGradFinish(p, begin, end, context); break;
    case Op.normPoolGrad: normPoolGrad(p, begin, end, context); break;
    case Op.normGrad: normGrad(p, begin, end, context); break;
    case Op.dropout: dropout(p, begin, end, context); break;
    case Op.copyBlock: copyBlock(p, begin, end, context); break;
    case Op.fillZero: fillZero(p, begin, end, context); break;
    case Op.relayout: relayout(p, begin, end, context); break;
    case Op.upSample: upSample(p, begin, end, context); break;
    case Op.upSampleGrad: upSampleGrad(p, begin, end, context); break;
    case Op.upSampleBilinear: upSampleBilinear(p, begin, end, context); break;
    case Op.upSampleBilinearGrad: upSampleBilinearGrad(p, begin, end, context); break;
    case Op.averagePool: averagePool(p, begin, end, context); break;
    case Op.averagePoolGrad: averagePoolGrad(p, begin, end, context); break;
    case Op.globalMax: globalMax(p, begin, end, context); break;
    case Op.globalMaxGrad: globalMaxGrad(p, begin, end, context); break;
    case Op.depthwise: depthwise(p, begin, end, context); break;
    case Op.depthwiseDx: depthwiseDx(p, begin, end, context); break;
    case Op.depthwiseDw: depthwiseDw(p, begin, end, context); break;
    case Op.stridedDx: stridedDx(p, begin, end, context); break;
    case Op.layerNorm: layerNorm(p, begin, end, context); break;
    case Op.layerNormGrad: layerNormGrad(p, begin, end, context); break;
    case Op.layerNormSums: layerNormSums(p, begin, end, context); break;
    case Op.activate: activate(p, begin, end, context); break;
    case Op.activateGrad: activateGrad(p, begin, end, context); break;
    case Op.softmaxPixels: softmaxPixels(p, begin, end, context); break;
    case Op.softmaxPixelsGrad: softmaxPixelsGrad(p, begin, end, context); break;
    case Op.spatialDropout: spatialDropout(p, begin, end, context); break;
    case Op.gaussianNoise: gaussianNoise(p, begin, end, context); break;
    case Op.softmaxLoss: softmaxLoss(p, begin, end, context); break;
    case Op.softmax: softmax(p, begin, end, context); break;
    case Op.outputLoss: outputLoss(p, begin, end, context); break;
    case Op.penalty: penalty(p, begin, end, context); break;
    case Op.maxNorm: maxNorm(p, begin, end, context); break;
    case Op.gradientSquares: gradientSquares(p, begin, end, context); break;
    case Op.gradientNorms: gradientNorms(p, begin, end, context); break;
    case Op.clipScales: clipScales(p, begin, end, context); break;
    case Op.applyUpdate: applyUpdate(p, begin, end, context); break;
    case Op.countLoss: countLoss(p, begin, end, context); break;
  }
}

/**
 * Runs `steps` steps of the program at `program` with the thread record `context`. Step i reads its rows from `order + i * batch`
 * rows and its rates, with and without the optimizer's correction, from `rates[i]`.
 */
export function run(
  context: usize,
  program: usize,
  steps: i32,
  firstStep: i32,
  order: usize,
  batch: i32,
  rates: usize,
): void {
  const thread = load<i32>(context, Context.thread), threads = load<i32>(context, Context.threads);
  for (let step = 0; step < steps; step++) {
    store<i32>(context, firstStep + step, Context.step);
    store<usize>(context, order + <usize>((step * batch) << 2), Context.order);
    store<i32>(context, step * batch, Context.first);
    store<f32>(context, load<f32>(rates + ((<usize>step) << 3)), Context.rate);
    // Every thread stores the same value, and nobody reads it before the step's first barrier.
    store<f32>(load<usize>(context, Context.control), load<f32>(rates + ((<usize>step) << 3), 4), Control.plainRate);
    let p = program;
    let op = load<i32>(p);
    while (op != Op.end) {
      if (op == Op.barrier) barrier(context);
      else {
        const tiles = load<i32>(p, 4);
        const begin = tiles * thread / threads, end = tiles * (thread + 1) / threads;
        if (begin < end) dispatch(op, p + 16, begin, end, context);
      }
      p += load<usize>(p, 8);
      op = load<i32>(p);
    }
    barrier(context);
  }
}
