import { expect, test } from 'vitest';
import { planDemo, secondsAfterTraining, trainingBudgets } from '../../main/jobs/demo-plan.ts';

const plan = planDemo(5, 1);

test('a machine of half the speed keeps twice the time for what comes after the training', () => {
  const usual = secondsAfterTraining(plan);
  expect(usual).toBeGreaterThan(60);
  expect(usual).toBeLessThan(150);
  const quick = secondsAfterTraining(plan, 10);
  expect(secondsAfterTraining(plan, 20)).toBeCloseTo(2 * quick, 6);
});

test('all that is left is shared among the generative models', () => {
  const { autoencoder, flow, finetune } = trainingBudgets(100) as Record<string, { seconds: number }>;
  expect(autoencoder!.seconds + flow!.seconds + finetune!.seconds).toBeCloseTo(100, 6);
  expect(flow!.seconds).toBeGreaterThan(autoencoder!.seconds);
});
