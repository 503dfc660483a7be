import { expect, test } from 'vitest';
import { planDemo, trainingBudgets, trainingSeconds } from '../../main/jobs/demo-plan.ts';

const plan = planDemo(5, 1);

test('a machine of half the speed keeps twice the time for what comes after the training', () => {
  const kept = (classifierSeconds?: number): number => 300 - trainingSeconds(plan, 300, 0, classifierSeconds);
  expect(kept()).toBeGreaterThan(60);
  expect(kept()).toBeLessThan(150);
  expect(kept(20)).toBeCloseTo(2 * kept(10), 6);
});

test('a machine that was busy all the while still trains for a fifth of the time', () => {
  // As it was once, beside other work: models were trained for 10 s, 25 steps of the autoencoder.
  expect(trainingSeconds(plan, 300, 157, 46)).toBe(60);
});

test('all that is left is shared among the generative models', () => {
  const { autoencoder, flow, finetune } = trainingBudgets(100) as Record<string, { seconds: number }>;
  expect(autoencoder!.seconds + flow!.seconds + finetune!.seconds).toBeCloseTo(100, 6);
  expect(flow!.seconds).toBeGreaterThan(autoencoder!.seconds);
});
