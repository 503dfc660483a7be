import { describe, expect, test } from 'vitest';
import { guessSequence } from '../../main/formats/sequence-guess.ts';

describe('guessing the sequence of an acquisition', () => {
  test.each([
    ['AXT1POST', 'AXT1POST', 'certain'],
    ['axflair', 'AXFLAIR', 'certain'],
    ['T1-TSE', 'AXT1', 'likely'],
    ['T2-TIRM', 'AXFLAIR', 'likely'],
    ['t2_tirm_tra_dark-fluid', 'AXFLAIR', 'likely'],
    ['AX T2 FLAIR FS', 'AXFLAIR', 'likely'],
    ['t1_tse_tra_KM', 'AXT1POST', 'likely'],
    ['Ax T1 +C', 'AXT1POST', 'likely'],
    ['T1 AXIAL POST GAD', 'AXT1POST', 'likely'],
    ['T1 SE AX PRE', 'AXT1PRE', 'likely'],
    ['t1_mprage_sag_p2', 'AXT1', 'likely'],
    ['t2_tse_tra_512', 'AXT2', 'likely'],
    ['sub-01_ce-gadolinium_T1w', 'AXT1POST', 'likely'],
    ['sub-01_T2w', 'AXT2', 'likely'],
  ])('%s is %s, %s', (name, sequence, confidence) => {
    expect(guessSequence({ names: [name] })).toMatchObject({ sequence, confidence, from: 'header' });
  });

  test.each([
    'gre_field_mapping_2mm',
    'ep2d_diff_DWI',
    'AX DTI 64dir',
    'BOLD rest EPI',
    'pcasl_3d',
    'SWI_axial',
    'T2_star_GRE',
    'localizer',
    'sub-01_T2starw',
  ])('%s is none of the method’s, and it says what it is', (name) => {
    const guess = guessSequence({ names: [name] });
    expect(guess.sequence).toBeNull();
    expect(guess.reason).toContain('none of the method');
  });

  test('a contrast agent makes a T1 one after contrast, unless its name says before', () => {
    expect(guessSequence({ names: ['t1 tse'], contrastAgent: true }).sequence).toBe('AXT1POST');
    expect(guessSequence({ names: ['t1 tse native'], contrastAgent: true }).sequence).toBe('AXT1PRE');
  });

  test.each([
    [{ echoTime: 10, repetitionTime: 500 }, 'AXT1'],
    [{ echoTime: 100, repetitionTime: 4000 }, 'AXT2'],
    [{ echoTime: 110, repetitionTime: 9000, inversionTime: 2500 }, 'AXFLAIR'],
    [{ echoTime: 40, repetitionTime: 1800 }, null],
    [{ echoTime: 4, repetitionTime: 500, scanningSequence: ['GR'] }, null],
    [{}, null],
  ])('times alone (%j) give no more than a guess: %s', (times, sequence) => {
    expect(guessSequence({ names: ['head'], ...times })).toMatchObject({ sequence, confidence: 'unsure' });
  });

  test('slices that are not axial are for the user to decide', () => {
    const guess = guessSequence({ names: ['t1_mprage'], plane: 'sagittal' });
    expect(guess).toMatchObject({ sequence: 'AXT1', confidence: 'unsure' });
    expect(guess.reason).toContain('sagittal');
  });
});
