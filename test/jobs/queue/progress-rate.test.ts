import { describe, expect, test } from 'vitest';
import { ProgressRate } from '../../../main/jobs/queue/progress-rate.ts';

describe('the rate of a job', () => {
  test('follows the last half minute, and gives the time left', () => {
    const rate = new ProgressRate();
    expect(rate.update({ stage: 'A', done: 0, total: 1000 }, 0)).toMatchObject({ rate: null, secondsLeft: null });
    for (let t = 1; t <= 20; t++) rate.update({ stage: 'A', done: 10 * t, total: 1000 }, t);
    expect(rate.update({ stage: 'A', done: 210, total: 1000 }, 21)).toMatchObject({ rate: 10, secondsLeft: 79 });
    // Now ten times as fast; after half a minute nothing of the slow beginning is left in it.
    for (let t = 22; t <= 60; t++) rate.update({ stage: 'A', done: 210 + 100 * (t - 21), total: 1e5 }, t);
    const late = rate.update({ stage: 'A', done: 210 + 4000, total: 1e5 }, 61);
    expect(late.rate).toBeCloseTo(100, 6);
  });

  test('begins anew with each stage, and where a stage begins again', () => {
    const rate = new ProgressRate();
    rate.update({ stage: 'A', done: 0, total: 10 }, 0);
    expect(rate.update({ stage: 'A', done: 5, total: 10 }, 5).rate).toBe(1);
    expect(rate.update({ stage: 'B', done: 5, total: 10 }, 6).rate).toBeNull();
    expect(rate.update({ stage: 'B', done: 9, total: 10 }, 8).rate).toBe(2);
    expect(rate.update({ stage: 'B', done: 1, total: 10 }, 9).rate).toBeNull();
  });

  test('is told of the whole where that is known, and of the stage where it is not', () => {
    const rate = new ProgressRate();
    expect(rate.update({ stage: 'A', done: 1, total: 4 }, 0)).toMatchObject({ share: 0.25, secondsLeft: null });
    const whole = { share: 0.1, secondsLeft: 90 };
    expect(rate.update({ stage: 'A', done: 3, total: 4, whole }, 10)).toMatchObject({ rate: 0.2, ...whole });
    expect(rate.update({ stage: 'A', done: 9, total: 4 }, 12)).toMatchObject({ share: 1 });
    expect(rate.update({ stage: 'B', done: 9 }, 13)).toMatchObject({ share: null });
  });

  test('is not known where nothing moves, nor the time left where there is no total', () => {
    const rate = new ProgressRate();
    rate.update({ stage: 'A', done: 1 }, 0);
    expect(rate.update({ stage: 'A', done: 1 }, 100)).toMatchObject({ rate: null, total: null });
    expect(rate.update({ stage: 'A', done: 2, total: Infinity }, 110)).toMatchObject({
      total: null,
      secondsLeft: null,
    });
  });
});
