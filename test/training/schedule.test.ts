import { describe, expect, it } from 'vitest';
import { StepPlan } from '../../main/training/budget.ts';
import { learningRateFactor, rampFactor } from '../../main/training/schedule.ts';

describe('the learning rate', () => {
  it('warms up linearly, then falls along half a cosine to zero', () => {
    const at = (step: number): number => learningRateFactor(step, 1000, 100, 'cosine');
    expect(at(0)).toBeCloseTo(1 / 101);
    expect(at(50)).toBeCloseTo(51 / 101);
    expect(at(100)).toBe(1);
    expect(at(550)).toBeCloseTo(0.5);
    expect(at(1000)).toBeCloseTo(0);
  });

  it('shortens the warm-up of short runs, and stays up without an end in sight', () => {
    expect(learningRateFactor(10, 100, 5000, 'constant')).toBe(1);
    expect(learningRateFactor(5000, Number.POSITIVE_INFINITY, 100, 'cosine')).toBe(1);
  });

  it('ramps λ_KL over its share of the run', () => {
    expect([0, 50, 100, 500].map((step) => rampFactor(step, 1000, 0.1))).toEqual([0, 0.5, 1, 1]);
    expect(rampFactor(0, 1000, 0)).toBe(1);
  });
});

/** Runs a plan on a machine of the given seconds a step. */
function simulate(plan: StepPlan, secondsAt: (step: number) => number): { steps: number; seconds: number } {
  let seconds = 0;
  let step = 0;
  while (step < plan.total) {
    seconds += secondsAt(step);
    plan.observe(++step, seconds);
    if (step > 1e6) throw new Error('the plan never ends');
  }
  return { steps: step, seconds };
}

describe('a budget', () => {
  it('in steps is those steps', () => {
    expect(simulate(new StepPlan({ steps: 70 }), () => 1).steps).toBe(70);
  });

  it('in seconds ends on time whatever the speed', () => {
    for (const seconds of [0.001, 0.02, 0.7]) {
      const run = simulate(new StepPlan({ seconds: 60 }), () => seconds);
      expect(run.seconds).toBeGreaterThan(57);
      expect(run.seconds).toBeLessThan(61.5);
    }
  });

  it('is not misled by slow first steps', () => {
    const run = simulate(new StepPlan({ seconds: 60 }), (step) => (step < 2 ? 2 : 0.01));
    expect(run.seconds).toBeGreaterThan(55);
    expect(run.seconds).toBeLessThan(62);
  });

  it('is shortened when the machine slows down', () => {
    const run = simulate(new StepPlan({ seconds: 60 }), (step) => (step < 1000 ? 0.01 : 0.03));
    expect(run.seconds).toBeLessThan(70);
  });

  it('ends after one step that takes longer than everything', () => {
    expect(simulate(new StepPlan({ seconds: 5 }), () => 30).steps).toBe(1);
  });

  it('goes on from a resumed plan as if it had not stopped', () => {
    const plan = new StepPlan({ seconds: 60 }, { total: 500, elapsed: 50 });
    expect(plan.total).toBe(500);
    plan.observe(451, 1);
    expect(plan.state(1)).toEqual({ total: 500, elapsed: 51 });
  });
});
